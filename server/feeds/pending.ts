import { z } from 'zod';

import { importedCamera, type ImportedCamera } from '#server/contracts/feeds.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Sealer } from '#server/platform/sealed.ts';

/** What is still to be done for a run: to read the list, or to make true what was read. */
export type Pending =
  | { stage: 'read'; acceptFewer: boolean }
  | { stage: 'apply'; cameras: ImportedCamera[]; scopes: string[]; missing: string[] };

const stored = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('read'), acceptFewer: z.boolean() }),
  z.object({ stage: z.literal('apply'), sealed: z.string() }),
]);
const work = z.object({
  cameras: z.array(importedCamera),
  scopes: z.array(z.string()),
  missing: z.array(z.string()),
});

/** As it stands in the row: addresses of a file may hold passwords, so the list is sealed. */
export function storedPending(pending: Pending, runId: string, sealer: Sealer): z.infer<typeof stored> {
  if (pending.stage === 'read') return pending;
  const { cameras, scopes, missing } = pending;
  const sealed = sealer.seal(JSON.stringify({ cameras, scopes, missing }), runId);
  return { stage: 'apply', sealed: Buffer.from(sealed).toString('base64') };
}

export function openPending(value: unknown, runId: string, sealer: Sealer): Pending {
  const parsed = stored.safeParse(value);
  if (!parsed.success) throw new AppError('INTERNAL', { message: `what is left of run ${runId} can not be read` });
  if (parsed.data.stage === 'read') return parsed.data;
  const text = sealer.open(Buffer.from(parsed.data.sealed, 'base64'), runId);
  return { stage: 'apply', ...work.parse(JSON.parse(text)) };
}
