import { z } from 'zod';

import { cameraKinds, cameraStates, rungNames } from './camera-words.ts';
import { cameraId, streamId } from './ids.ts';
import { pictureRegions } from './picture-region.ts';

export { cameraKinds, cameraStates, type CameraKind, type CameraState } from './camera-words.ts';

export const cameraKind = z.enum(cameraKinds);
export const cameraState = z.enum(cameraStates);

/** One enum, owned by identity; a face uses the part it needs. */
export const visibility = z.enum(['public', 'unlisted', 'members', 'followers', 'password', 'list', 'private']);
export type Visibility = z.infer<typeof visibility>;

/** Where the globe looks from when the camera is opened. Degrees; bearing and heading clockwise from north; range in metres. */
export const initialView = z.object({
  heading: z.number().min(0).max(360),
  pitch: z.number().min(-90).max(90),
  range: z.number().positive().max(50_000_000),
});
export type InitialView = z.infer<typeof initialView>;

/** What is kept of the log. `maxBytes` bounds it too; whichever is reached first. */
export const recordPolicy = z.object({
  mode: z.enum(['off', 'always']),
  maxAgeSeconds: z.int().min(60).max(31_536_000),
  maxBytes: z.int().min(16_777_216).nullable(),
});
export type RecordPolicy = z.infer<typeof recordPolicy>;

/** Drawn scenes of a `synthetic` camera. */
export const syntheticScene = z.enum([
  'harbour',
  'street',
  'sky',
  'railway',
  'factory',
  'bridge',
  'beach',
  'mountain',
  'airport',
  'plaza',
  'test',
]);
export type SyntheticScene = z.infer<typeof syntheticScene>;

/** How a source is read. What a kind does not use is left out. */
export const sourceOptions = z.object({
  /** rtsp: TCP first, then UDP; or one of them alone. */
  transport: z.enum(['auto', 'tcp', 'udp']).optional(),
  /** snapshot: seconds between pictures. */
  intervalSeconds: z.number().min(0.5).max(3600).optional(),
  /** hls: a JPEG of the same camera, for a look while nobody watches. */
  stillUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
  /** synthetic: what is drawn. */
  scene: syntheticScene.optional(),
  width: z.int().min(64).max(3840).optional(),
  height: z.int().min(64).max(2160).optional(),
  fps: z.number().min(1).max(60).optional(),
  /** synthetic: seconds between key frames. */
  gopSeconds: z.number().min(0.5).max(10).optional(),
  /** Decode and encode the video to H.264 although browsers could play it as it is. */
  transcode: z.boolean().optional(),
});
export type SourceOptions = z.infer<typeof sourceOptions>;

export const ingestMode = z.enum(['always', 'onDemand']);
export type IngestMode = z.infer<typeof ingestMode>;

/**
 * The bitrate ladder (ABR ladder): smaller renditions below the source. `onDemand`: made while somebody asks for them (`index.m3u8?ladder=1`).
 * `always`: made for as long as the source is read, and listed in every `index.m3u8`, so that any HLS player chooses for itself.
 */
export const ladderMode = z.enum(['onDemand', 'always']);
export type LadderMode = z.infer<typeof ladderMode>;

export const rungName = z.enum(rungNames);

const text = (max: number) => z.string().trim().max(max);

/** What a person gives to add a camera. `address` may carry `user:password@`; it is sealed before it is stored and never given back. */
export const cameraInput = z.strictObject({
  name: text(120).min(1),
  nameJa: text(120).nullish(),
  place: text(200).nullish(),
  placeJa: text(200).nullish(),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  bearing: z.number().min(0).max(360).nullish(),
  initialView: initialView.strict().optional(),
  kind: cameraKind,
  /** Left out for `synthetic`. */
  address: z.string().trim().max(2048).optional(),
  options: sourceOptions.strict().optional(),
  ingest: ingestMode.optional(),
  visibility: visibility.optional(),
  recordPolicy: recordPolicy.strict().optional(),
  ladder: ladderMode.optional(),
  /** Painted over before anything leaves ingest. What was recorded before stays as it was. */
  masks: pictureRegions.optional(),
  licence: text(200).nullish(),
  attribution: text(300).nullish(),
  attributionUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .nullish(),
});
export type CameraInput = z.infer<typeof cameraInput>;

/** A change: what is left out stays; `address` left out keeps the sealed one. */
export const cameraPatch = cameraInput.partial();
export type CameraPatch = z.infer<typeof cameraPatch>;

/** Addresses of the media, relative to the origin. They last as long as the camera. */
export const playback = z.object({ hls: z.string(), tail: z.string(), thumbnail: z.string() });

/** What everybody who may see the camera gets. */
export const cameraView = z.object({
  id: cameraId,
  streamId,
  name: z.string(),
  nameJa: z.string().nullable(),
  place: z.string().nullable(),
  placeJa: z.string().nullable(),
  latitude: z.number(),
  longitude: z.number(),
  bearing: z.number().nullable(),
  initialView,
  kind: cameraKind,
  state: cameraState,
  /** Typed reason where state is `error` or `offline`; `feedBusy` or `capacity` where it is wanted and may not be read. */
  stateReason: z.string().nullable(),
  /** When the state began, ISO 8601; null while unchecked. */
  stateSince: z.iso.datetime().nullable(),
  demo: z.boolean(),
  /** Parts of the picture are painted over. */
  masked: z.boolean(),
  /** Why it is shown to nobody but its owner (`takenDown`, `unlisted`, …); null while it is shown. */
  withheldReason: z.string().nullable(),
  visibility,
  timeZone: z.string(),
  licence: z.string().nullable(),
  attribution: z.string().nullable(),
  attributionUrl: z.string().nullable(),
  recordPolicy,
  ladder: ladderMode,
  playback,
});
export type CameraView = z.infer<typeof cameraView>;

/** What its owner gets besides: never the credentials. */
export const cameraForOwner = cameraView.extend({
  ingest: ingestMode,
  options: sourceOptions,
  masks: pictureRegions,
  /** The address without user, password and query. */
  addressHint: z.string().nullable(),
  hasCredentials: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type CameraForOwner = z.infer<typeof cameraForOwner>;

/** One camera: `editable` says which of the two it is. */
export const cameraDetail = z.discriminatedUnion('editable', [
  cameraForOwner.extend({ editable: z.literal(true) }),
  cameraView.extend({ editable: z.literal(false) }),
]);
export type CameraDetail = z.infer<typeof cameraDetail>;

/** What is listed; several kinds or states mean any of them. */
export const cameraQuery = z.object({
  cursor: z.string().max(1000).nullish(),
  limit: z.int().min(1).max(500).optional(),
  /** Words looked for in names and places, Japanese or English; all must be found. */
  query: z.string().trim().max(200).optional(),
  states: z.array(cameraState).optional(),
  kinds: z.array(cameraKind).optional(),
});
export type CameraQuery = z.infer<typeof cameraQuery>;

/** A page of `GET /api/v1/cameras`. `total` counts all that the query finds. */
export const cameraPage = z.object({
  items: z.array(cameraView),
  nextCursor: z.string().nullable(),
  total: z.int().min(0),
});
export type CameraPage = z.infer<typeof cameraPage>;
