import { TRPCClientError } from '@trpc/client';
import { z } from 'zod';

import { errorStatus, type ErrorCode } from '#server/contracts/error-code.ts';

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorStatus, code);
const errorData = z.object({ error: z.object({ code: z.string() }) });
/** What tRPC itself answers before our own code can (a body it can't read, a route it has not). */
const transportCodes: Readonly<Record<string, ErrorCode>> = {
  UNAUTHORIZED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  BAD_REQUEST: 'BAD_REQUEST',
  TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
};
const transportData = z.object({ code: z.string() });

/** The code a person's words are chosen from; `NETWORK` where no answer came at all. */
export function codeOf(error: unknown): ErrorCode | 'NETWORK' {
  if (!(error instanceof TRPCClientError)) return 'INTERNAL';
  const data: unknown = error.data;
  const ours = errorData.safeParse(data);
  if (ours.success && isErrorCode(ours.data.error.code)) return ours.data.error.code;
  const transport = transportData.safeParse(data);
  if (transport.success) return transportCodes[transport.data.code] ?? 'INTERNAL';
  return 'NETWORK';
}
