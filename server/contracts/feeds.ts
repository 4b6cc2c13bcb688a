import { z } from 'zod';

import { cameraInput } from './camera.ts';

/** A public list of cameras that anybody may read without a key, under a stated open licence. */
export const feedId = z.string().regex(/^[a-z][a-z0-9-]{1,31}$/);

export const feedCondition = z.enum([
  /** The operator has not said yes. */
  'off',
  /** Said yes, never read. */
  'waiting',
  'running',
  'ok',
  /** Read and not understood, or refused, or not reached; the last good list stands. */
  'failing',
  /** No good reading within three intervals. */
  'stale',
]);
export type FeedCondition = z.infer<typeof feedCondition>;

export const feedView = z.object({
  id: feedId,
  name: z.string(),
  nameJa: z.string(),
  /** ISO 3166-1 alpha-2 of where its cameras are. */
  country: z.string(),
  homepage: z.string(),
  licence: z.string(),
  attribution: z.string(),
  /** Cameras it is known to list, before it was read. */
  expected: z.int(),
  /** Cameras of it that stand in the house. */
  cameras: z.int(),
  enabled: z.boolean(),
  condition: feedCondition,
  lastOkAt: z.iso.datetime().nullable(),
  lastTriedAt: z.iso.datetime().nullable(),
  nextAt: z.iso.datetime().nullable(),
  /** Words for the operator; null while well. */
  fault: z.string().nullable(),
  /** The last answer listed less than half of the cameras that stand: `readNow` with `acceptFewer` takes it. */
  shrunken: z.boolean(),
});
export type FeedView = z.infer<typeof feedView>;

/** A camera as a list or a file describes it. */
export const importedCamera = z.object({
  ...cameraInput.pick({
    name: true,
    nameJa: true,
    place: true,
    placeJa: true,
    latitude: true,
    longitude: true,
    bearing: true,
    kind: true,
    address: true,
    options: true,
    licence: true,
    attribution: true,
    attributionUrl: true,
  }).shape,
  /** `provider:id`: the same camera at each reading. */
  origin: z.string().min(3).max(200),
  /** Its operator says that it does not work at the moment. */
  faulty: z.boolean().optional(),
});
export type ImportedCamera = z.infer<typeof importedCamera>;

/** Why a line of a list or a file was not taken. `about` of each is named behind it. */
export const rejectCode = z.enum([
  'NO_ID',
  'ID_INVALID',
  /** The id. */
  'ID_TWICE',
  'NO_ADDRESS_COLUMN',
  'NO_ADDRESS',
  'ADDRESS_INVALID',
  /** What the address of its kind may begin with. */
  'ADDRESS_SCHEME',
  'ADDRESS_PATH',
  'ADDRESS_CREDENTIALS',
  /** The host. */
  'ADDRESS_HOST',
  'NO_POSITION',
  'POSITION_UNREADABLE',
  /** Latitude and longitude, for both. */
  'POSITION_NOWHERE',
  'POSITION_OUTSIDE',
  'POSITION_ZERO',
  'KIND_UNKNOWN',
  'DRAWN',
  /** The line that is the same camera. */
  'SAME_AS',
  'QUOTES',
  'NOT_POINT',
  'SHAPE',
  'SWITCHED_OFF',
  'NOT_LICENSED',
  /** The field. */
  'FIELD',
  /** A whole sentence, of a run that an earlier version wrote. */
  'OTHER',
]);
export type RejectCode = z.infer<typeof rejectCode>;

/** The words are chosen by who shows it. */
export const rejectReason = z.object({ code: rejectCode, about: z.string().nullable() });
export type RejectReason = z.infer<typeof rejectReason>;

/** A line that was not taken, and why, with its place in the source. */
export const rejectedRow = z.object({ row: z.string(), ...rejectReason.shape });
export type RejectedRow = z.infer<typeof rejectedRow>;

/** Why a whole file can't be imported. */
export const fileFaultCode = z.enum([
  'COLUMNS_FEW',
  /** How many there may be, for both. */
  'COLUMNS_MANY',
  'ROWS_MANY',
  'NOT_JSON',
  'NOT_GEOJSON',
  'NOT_XML',
  'NOT_OPML',
  'HTML',
  'NO_ROWS',
  'NO_ROW_TAKEN',
]);
export type FileFaultCode = z.infer<typeof fileFaultCode>;

/** In the details of a BAD_REQUEST that refuses a file. */
export const fileFault = z.object({ fault: fileFaultCode, about: z.string().nullable() });

export const importState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']);

/** Progress and outcome of reading a feed or a file. */
export const importRun = z.object({
  id: z.uuid(),
  source: z.string(),
  state: importState,
  total: z.int(),
  done: z.int(),
  added: z.int(),
  changed: z.int(),
  removed: z.int(),
  unchanged: z.int(),
  rejected: z.int(),
  /** At most 200 of them; the whole report is a file. */
  rejectedRows: z.array(rejectedRow),
  fault: z.string().nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type ImportRun = z.infer<typeof importRun>;

export const importRunPage = z.object({ items: z.array(importRun), nextCursor: z.string().nullable() });
export type ImportRunPage = z.infer<typeof importRunPage>;

export const importFormat = z.enum(['csv', 'geojson', 'm3u', 'opml']);
export type ImportFormat = z.infer<typeof importFormat>;

/** Fields of a camera that a column can mean, in the order in which they are asked for. */
export const mappedFields = [
  'name',
  'nameJa',
  'place',
  'placeJa',
  'latitude',
  'longitude',
  'coordinates',
  'bearing',
  'kind',
  'address',
  'licence',
  'attribution',
  'attributionUrl',
  'id',
] as const;
export type MappedField = (typeof mappedFields)[number];

/** Which column of a file means which field of a camera; null where none does. */
export const importMapping = z.record(z.string(), z.string().nullable());

/** A file of cameras as text. */
export const importFile = z.strictObject({
  name: z.string().max(255),
  format: importFormat.optional(),
  text: z.string().max(20_000_000),
  mapping: importMapping.optional(),
});

export const importPreview = z.object({
  format: importFormat,
  columns: z.array(z.string()),
  mapping: importMapping,
  total: z.int(),
  /** The first rows as they would be made. */
  sample: z.array(z.object({ row: z.string(), camera: cameraInput.nullable(), reason: rejectReason.nullable() })),
  accepted: z.int(),
  rejected: z.int(),
  rejectedRows: z.array(rejectedRow),
});
export type ImportPreview = z.infer<typeof importPreview>;
