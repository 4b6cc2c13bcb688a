import { z } from 'zod';

import { cameraState, ladderMode, recordPolicy, rungName, visibility } from './camera.ts';
import { clockKind } from './clock.ts';

/** `/media/{streamId}/state.json`: what the log measures of a stream. Times are ISO 8601 UTC, ages in milliseconds. */
export const mediaState = z.object({
  streamId: z.uuid(),
  state: cameraState,
  /** Typed reason where state is `error`, `offline` or `still` (a source fault, `noSource`, `frozen`, `black`, `loop`). */
  reason: z.string().nullable(),
  since: z.iso.datetime(),
  measuredAt: z.iso.datetime(),
  /** Now − capture wall clock of the newest frame; null before the first. */
  frameAgeMs: z.number().nullable(),
  fps: z.number().nullable(),
  /** Bits a second, all tracks. */
  bitrate: z.number().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  /** RFC 6381, comma separated. */
  codecs: z.string().nullable(),
  /** Longest distance between key frames of the last minute, seconds. */
  gopSeconds: z.number().nullable(),
  bFrames: z.boolean().nullable(),
  audio: z.boolean(),
  /** Smaller pictures of it that are made at this moment; largest first. */
  rungs: z.array(rungName),
  clock: clockKind.nullable(),
  viewers: z.int(),
  /** Dropped or lost since the run began, whoever did it. */
  dropped: z.int(),
  /** A writer is connected. */
  writing: z.boolean(),
  recordedBytes: z.number(),
  /** Start of the oldest kept segment. */
  oldest: z.iso.datetime().nullable(),
});
export type MediaState = z.infer<typeof mediaState>;

/** What `cameras.watch` tells: at first all, later those that changed. */
export interface CameraStates {
  states: MediaState[];
  /** Streams that may not be seen any more, or are not there. */
  gone: string[];
}

/** `/media/{streamId}/timeline.json?from=&to=`: coverage with reasons. Snapped outward to segments, in order, without overlap. */
export const timeline = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  spans: z.array(
    z.object({
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      kind: z.enum(['recorded', 'offline', 'retention', 'dropped', 'slate', 'off']),
    }),
  ),
});
export type Timeline = z.infer<typeof timeline>;

/** What a log must know of a stream it keeps. */
export const streamPolicy = z.object({
  visibility,
  demo: z.boolean(),
  /** Snapshots: seconds between pictures, which stretches the LIVE rule; null for video. */
  intervalSeconds: z.number().nullable(),
  onDemand: z.boolean(),
  record: recordPolicy,
  ladder: ladderMode,
  /** How long a line that ends stays open for its writer to come back. A camera's never ends. */
  graceMs: z.int().nullable(),
  /** Ended by word: playlists get ENDLIST and never grow again. Counts where `graceMs` is not null. */
  ended: z.boolean().optional(),
});
export type StreamPolicy = z.infer<typeof streamPolicy>;
