import { z } from 'zod';

import { lookReport } from '#server/contracts/look.ts';
import { ingestAssignment } from '#server/contracts/sidecar.ts';

/** IPC between the ingest process and the child that looks. Addresses with credentials travel here only. */
export const lookAsk = z.object({ id: z.int(), source: ingestAssignment.shape.source });
export type LookAsk = z.infer<typeof lookAsk>;

export const lookAnswer = z.object({ id: z.int(), report: lookReport });
export type LookAnswer = z.infer<typeof lookAnswer>;
