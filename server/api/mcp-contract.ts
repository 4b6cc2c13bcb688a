import { z } from 'zod';

import { cameraState, type CameraView } from '#server/contracts/camera.ts';
import { mediaState, timeline } from '#server/contracts/media-state.ts';
import { AppError } from '#server/platform/app-error.ts';

import type { Picture } from './mcp-answers.ts';

const cameraId = z.uuid().describe('Id of a camera, as find_cameras gives it.');
const isoMoment = z.iso.datetime({ offset: true });

/** An argument that no tool knows is refused by its name: a model that guesses one would else be answered as if it had asked for less. */
export const findInput = z.strictObject({
  words: z.string().trim().min(1).max(200).optional().describe('Words in name or place; all must be found.'),
  states: z.array(cameraState).min(1).max(7).optional().describe('Any of these measured states.'),
  near: z
    .strictObject({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      within_km: z.number().positive().max(20_000).optional(),
    })
    .optional()
    .describe('A place in degrees; the nearest camera comes first.'),
  limit: z.int().min(1).max(50).default(20),
  cursor: z.string().max(1000).optional().describe('`next_cursor` of the answer before: the cameras after those.'),
});
export const cameraInput = z.strictObject({ camera_id: cameraId });
export const spanInput = z.strictObject({
  camera_id: cameraId,
  from: isoMoment.describe('ISO 8601, with Z or an offset.'),
  to: isoMoment.optional(),
});
export const momentInput = z.strictObject({
  camera_id: cameraId,
  at: isoMoment.describe('ISO 8601, with Z or an offset.'),
});

const brief = z.object({
  camera_id: z.uuid(),
  name: z.string(),
  name_ja: z.string().nullable(),
  place: z.string().nullable(),
  latitude: z.number(),
  longitude: z.number(),
  time_zone: z.string(),
  state: cameraState,
  state_reason: z.string().nullable(),
  state_since: z.string().nullable(),
  demo: z.boolean(),
  distance_km: z.number().optional(),
});
export const findAnswer = z.object({
  cameras: z.array(brief),
  /** Null near a place, where the nearest ones alone are looked at. */
  total: z.int().nullable(),
  /** Null: these are the last. */
  next_cursor: z.string().nullable(),
});
export const stateAnswer = z.object({ camera: brief, measured: mediaState.nullable() });
export const recordingsAnswer = z.object({
  from: z.string(),
  to: z.string(),
  spans: timeline.shape.spans,
  /** Relative to the origin of the house. */
  playback: z.string(),
});

type Brief = z.infer<typeof brief>;

export function briefly(camera: CameraView, distanceMetres?: number): Brief {
  const { id, name, nameJa, place, latitude, longitude, timeZone, state, stateReason, stateSince, demo } = camera;
  return {
    camera_id: id,
    name,
    name_ja: nameJa,
    place,
    latitude,
    longitude,
    time_zone: timeZone,
    state,
    state_reason: stateReason,
    state_since: stateSince,
    demo,
    ...(distanceMetres !== undefined && { distance_km: Math.round(distanceMetres / 10) / 100 }),
  };
}

/** What words are looked for in, in small letters. */
export function textOf({ name, nameJa, place, placeJa }: CameraView): string {
  return [name, nameJa, place, placeJa].join(' ').toLowerCase();
}

export function whenOf({ capturedAt }: Picture): Record<string, unknown> {
  if (capturedAt === null) return { captured_at: null, note: 'when it was taken is not known' };
  const age = Math.max(0, Date.now() - Date.parse(capturedAt)) / 1000;
  return { captured_at: capturedAt, age_seconds: Math.round(age * 10) / 10 };
}

const dayMs = 86_400_000;

/** In UTC; throws where it lies ahead. */
export function pastMoment(name: 'at' | 'from', text: string): Date {
  const moment = new Date(text);
  if (moment.getTime() > Date.now()) throw new AppError('BAD_REQUEST', { message: `\`${name}\` lies ahead` });
  return moment;
}

/** In UTC, up to now; throws where it lies ahead, ends before it begins or is longer than a day. */
export function boundedSpan(from: string, to: string | undefined): { from: string; to: string } {
  const begin = pastMoment('from', from);
  const end = new Date(Math.min(Date.now(), to === undefined ? Date.now() : Date.parse(to)));
  if (end <= begin) throw new AppError('BAD_REQUEST', { message: '`to` lies before `from`' });
  if (end.getTime() - begin.getTime() > dayMs)
    throw new AppError('BAD_REQUEST', { message: 'a span is a day at most' });
  return { from: begin.toISOString(), to: end.toISOString() };
}

export function timelineOf(answer: unknown): z.infer<typeof timeline>['spans'] {
  return timeline.parse(answer).spans;
}
