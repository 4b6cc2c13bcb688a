import { TRPCClientError } from '@trpc/client';
import { z } from 'zod';

const body = z.object({
  error: z.object({
    details: z.looseObject({
      reason: z.string().optional().catch(undefined),
      retryAfterSeconds: z.number().optional().catch(undefined),
      fields: z
        .array(z.object({ path: z.string() }))
        .optional()
        .catch(undefined),
    }),
  }),
});

interface FaultDetails {
  /** The server's word for why, where it has one. */
  reason: string | null;
  retryAfterSeconds: number | null;
  /** Names of the fields that it is about. */
  fields: readonly string[];
}

/** What a refusal says besides its code. */
export function faultDetails(error: unknown): FaultDetails {
  const parsed = body.safeParse(error instanceof TRPCClientError ? error.data : null);
  const details = parsed.success ? parsed.data.error.details : {};
  return {
    reason: details.reason ?? null,
    retryAfterSeconds: details.retryAfterSeconds ?? null,
    fields: (details.fields ?? []).map(({ path }) => path),
  };
}
