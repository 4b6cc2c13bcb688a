import { z } from 'zod';

import { rungName } from '#server/contracts/camera.ts';

/** A rung that the child is to make. */
const rungWork = z.object({
  name: rungName,
  track: z.int(),
  rateMax: z.int().positive(),
  /** No picture before this display time, in the source's timescale; null: from its next key frame on. */
  resumeAt: z.number().nullable(),
  /** Opens the log's door for this rung. */
  token: z.string(),
});
export type RungWork = z.infer<typeof rungWork>;

/** To the transcoding process. */
export const transcodeAsk = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('begin'),
    /** `ws://…/log/v1/streams/{id}`: records are read from it and written to it. */
    logUrl: z.string(),
    readToken: z.string(),
    /** UTC ms of the key frame to begin at; null: the newest. */
    fromMs: z.number().nullable(),
    rungs: z.array(rungWork),
  }),
  /** From here on these and no others. */
  z.object({ type: z.literal('rungs'), rungs: z.array(rungWork) }),
]);
export type TranscodeAsk = z.infer<typeof transcodeAsk>;
