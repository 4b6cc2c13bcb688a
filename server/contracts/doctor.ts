import { z } from 'zod';

import { cameraKind, sourceOptions } from './camera.ts';
import { clockKind } from './clock.ts';

/** Why a source can't be read. One line of meaning each; the person's words and the next step are chosen from the code. */
export const sourceFaults = [
  /** The name does not resolve. */
  'NAME_UNKNOWN',
  /** Nothing answers at the address, or the connection was refused. */
  'UNREACHABLE',
  /** The source wants a user and password and none was given. */
  'AUTH_REQUIRED',
  /** The user or password was refused. */
  'AUTH_REFUSED',
  /** The host answers, the path or stream is not there. */
  'NOT_FOUND',
  /** It opened, and holds no picture. */
  'NO_VIDEO',
  /** The picture or sound is in a format we can't carry. */
  'CODEC_UNSUPPORTED',
  /** It stopped answering within the deadline. */
  'TIMED_OUT',
  /** The address lies in a range the operator does not allow, or has a protocol that is not allowed. */
  'ADDRESS_FORBIDDEN',
  /** The address can't be parsed. */
  'ADDRESS_INVALID',
  /** What arrives is not what the kind says: damaged, or another format. */
  'DATA_INVALID',
  /** The source closed the connection. */
  'CLOSED',
  /** The certificate of the source is not valid. */
  'TLS_INVALID',
  /** The source asks us to stop or slow down (429, 453, 503). */
  'BUSY',
  /** A file or folder on this machine can't be read. */
  'FILE_UNREADABLE',
  /** A fault of ours. */
  'INTERNAL',
] as const;
export const sourceFault = z.enum(sourceFaults);
export type SourceFault = (typeof sourceFaults)[number];

/** Faults that time alone does not mend: a person has to do something. */
export const lastingFaults: ReadonlySet<SourceFault> = new Set<SourceFault>([
  'NAME_UNKNOWN',
  'AUTH_REQUIRED',
  'AUTH_REFUSED',
  'NOT_FOUND',
  'NO_VIDEO',
  'CODEC_UNSUPPORTED',
  'ADDRESS_FORBIDDEN',
  'ADDRESS_INVALID',
  'DATA_INVALID',
  'TLS_INVALID',
  'FILE_UNREADABLE',
  'INTERNAL',
]);

/** What is asked: an address before saving, with its credentials. */
export const doctorInput = z.strictObject({
  kind: cameraKind,
  address: z.string().trim().max(2048).optional(),
  options: sourceOptions.strict().optional(),
  /** Keep the stored credentials of this camera when `address` is left out. */
  cameraId: z.uuid().optional(),
});
export type DoctorInput = z.infer<typeof doctorInput>;

export const doctorSteps = ['resolve', 'connect', 'authenticate', 'read'] as const;
export const doctorStep = z.object({
  step: z.enum(doctorSteps),
  outcome: z.enum(['ok', 'failed', 'skipped']),
  durationMs: z.number(),
});

/** Things that work and could work better; the words are chosen from the code. */
export const doctorAdvice = z.enum([
  'GOP_LONG',
  'GOP_IRREGULAR',
  'B_FRAMES',
  'NO_CLOCK',
  'CLOCK_WRONG',
  'FPS_LOW',
  'FPS_UNSTEADY',
  'BITRATE_HIGH',
  'AUDIO_TRANSCODED',
  'VIDEO_TRANSCODED',
  'NO_AUDIO',
  'AUDIO_INVALID',
  'PACKETS_LOST',
]);
export type DoctorAdvice = z.infer<typeof doctorAdvice>;

export const doctorReport = z.object({
  outcome: z.enum(['ok', 'failed']),
  fault: z.object({ code: sourceFault, message: z.string() }).nullable(),
  steps: z.array(doctorStep),
  video: z
    .object({
      codec: z.string(),
      profile: z.string().nullable(),
      width: z.int(),
      height: z.int(),
      /** Measured over the reading. */
      fps: z.number(),
      fpsAnnounced: z.number().nullable(),
      /** Seconds between key frames; null when fewer than two were seen. */
      gopSeconds: z.number().nullable(),
      bFrames: z.boolean(),
      /** Will be decoded and encoded so that browsers can play it. */
      transcoded: z.boolean(),
    })
    .nullable(),
  audio: z.object({ codec: z.string(), channels: z.int(), sampleRate: z.int(), transcoded: z.boolean() }).nullable(),
  clock: clockKind,
  /** Camera clock minus ours, milliseconds; null without a clock. */
  clockOffsetMs: z.number().nullable(),
  /** Bits a second. */
  bitrate: z.number().nullable(),
  /** From the start of connecting to the first key frame. */
  firstFrameMs: z.number().nullable(),
  readSeconds: z.number(),
  advice: z.array(doctorAdvice),
  /** A JPEG of the first key frame, base64, ≤ 640 px wide. */
  picture: z.string().nullable(),
});
export type DoctorReport = z.infer<typeof doctorReport>;
