import { Prisma } from '#prisma/generated/client.ts';
import type { CameraKind, CameraState } from '#server/contracts/camera.ts';
import { isId } from '#server/contracts/ids.ts';
import type { Reach } from '#server/contracts/permissions.ts';
import type { Rows } from '#server/platform/db.ts';

/** All but the sealed address. */
const shown = {
  id: true,
  streamId: true,
  ownerId: true,
  name: true,
  nameJa: true,
  place: true,
  placeJa: true,
  latitude: true,
  longitude: true,
  bearing: true,
  initialView: true,
  timeZone: true,
  kind: true,
  addressHint: true,
  hasCredentials: true,
  options: true,
  ingest: true,
  visibility: true,
  recordPolicy: true,
  ladder: true,
  licence: true,
  attribution: true,
  attributionUrl: true,
  demo: true,
  masks: true,
  feed: true,
  withheldAt: true,
  withheldReason: true,
  createdAt: true,
  updatedAt: true,
  deletedAt: true,
  stream: { select: { epochMs: true, state: true, stateReason: true, stateSince: true } },
} satisfies Prisma.CameraSelect;

const withAddress = { ...shown, sealedAddress: true } satisfies Prisma.CameraSelect;

export type CameraRow = Prisma.CameraGetPayload<{ select: typeof shown }>;
export type SealedCameraRow = Prisma.CameraGetPayload<{ select: typeof withAddress }>;

export interface CameraFilter {
  /** Each word is looked for in names and places, in both languages. */
  words: string[];
  states: CameraState[] | null;
  kinds: CameraKind[] | null;
  /** Null: all there are. */
  seen: { view: Reach; write: Reach; demoShown: boolean } | null;
}

/** The last camera of the page before, in the order of names. */
export interface CameraPosition {
  name: string;
  id: string;
}

/** `%` and `_` are signs like others to who searches. */
const literal = (word: string) => word.replaceAll(/[\\%_]/g, String.raw`\$&`);

function where(filter: CameraFilter): Prisma.CameraWhereInput {
  return {
    deletedAt: null,
    ...(filter.kinds && { kind: { in: filter.kinds } }),
    ...(filter.states && { stream: { state: { in: filter.states } } }),
    AND: [
      ...(filter.seen ? [seenBy(filter.seen)] : []),
      ...filter.words.map((word) => ({
        OR: (['name', 'nameJa', 'place', 'placeJa'] as const).map((field) => ({
          [field]: { contains: literal(word), mode: 'insensitive' as const },
        })),
      })),
    ],
  };
}

/** Unlisted ones are found by their address alone; what is shown to nobody, whoever may change it sees all the same. */
function seenBy({ view, write, demoShown }: NonNullable<CameraFilter['seen']>): Prisma.CameraWhereInput {
  // A filter that narrows nothing would be left out of an OR, not win it.
  if (write.everything && write.within === null) return {};
  const inSight = { withheldAt: null, visibility: { not: 'unlisted' }, ...(!demoShown && { demo: false }) };
  return { OR: [within(write), { AND: [inSight, within(view)] }] };
}

function within(reach: Reach): Prisma.CameraWhereInput {
  // What a key names may be no id of ours at all.
  const narrowed = reach.within && { id: { in: reach.within.filter(isId) } };
  if (reach.everything) return narrowed ?? {};
  const any = [
    { visibility: { in: [...reach.visibilities] } },
    { id: { in: reach.ids.filter(isId) } },
    ...(reach.ownerId === null ? [] : [{ ownerId: reach.ownerId }]),
  ];
  return { OR: any, ...narrowed };
}

export function listCameras(
  rows: Rows,
  filter: CameraFilter,
  page: { after: CameraPosition | null; limit: number },
): Promise<CameraRow[]> {
  const { after, limit } = page;
  const behind = after && { OR: [{ name: { gt: after.name } }, { name: after.name, id: { gt: after.id } }] };
  return rows.camera.findMany({
    where: behind ? { AND: [where(filter), behind] } : where(filter),
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: limit,
    select: shown,
  });
}

export function countCameras(rows: Rows, filter: CameraFilter): Promise<number> {
  return rows.camera.count({ where: where(filter) });
}

export function findCamera(rows: Rows, id: string): Promise<SealedCameraRow | null> {
  return rows.camera.findUnique({ where: { id }, select: withAddress });
}

const onMap = {
  id: true,
  streamId: true,
  ownerId: true,
  name: true,
  nameJa: true,
  place: true,
  placeJa: true,
  latitude: true,
  longitude: true,
  bearing: true,
  kind: true,
  country: true,
  demo: true,
  visibility: true,
  stream: { select: { state: true } },
} satisfies Prisma.CameraSelect;
export type MapShape = Prisma.CameraGetPayload<{ select: typeof onMap }>;

/** Shown to somebody; `demo`: the demo cameras as well. */
const standing = (demo: boolean) => ({ deletedAt: null, withheldAt: null, ...(!demo && { demo: false }) });

/** Those after `after` in the order of ids. */
export function listMapPage(
  rows: Rows,
  { after, limit, demo }: { after: string | null; limit: number; demo: boolean },
): Promise<MapShape[]> {
  return rows.camera.findMany({
    where: { ...standing(demo), ...(after && { id: { gt: after } }) },
    orderBy: { id: 'asc' },
    take: limit,
    select: onMap,
  });
}

interface StandingIds {
  ids: readonly string[];
  demo: boolean;
}

export function listMapRows(rows: Rows, { ids, demo }: StandingIds): Promise<MapShape[]> {
  return rows.camera.findMany({ where: { ...standing(demo), id: { in: [...ids] } }, select: onMap });
}

/** In no order. */
export function listStanding(rows: Rows, { ids, demo }: StandingIds): Promise<CameraRow[]> {
  return rows.camera.findMany({ where: { ...standing(demo), id: { in: [...ids] } }, select: shown });
}

const ofSubject = {
  id: true,
  streamId: true,
  ownerId: true,
  visibility: true,
  withheldAt: true,
  demo: true,
  name: true,
  nameJa: true,
} satisfies Prisma.CameraSelect;
export type SubjectRow = Prisma.CameraGetPayload<{ select: typeof ofSubject }>;
const subjectsMax = 1000;

/** Just enough to say who may see them, and what they are called. */
export function listSubjects(rows: Rows, ids: readonly string[]): Promise<SubjectRow[]> {
  return rows.camera.findMany({
    where: { deletedAt: null, id: { in: [...ids] } },
    orderBy: { id: 'asc' },
    select: ofSubject,
    take: subjectsMax,
  });
}

/** Those in somebody's list. */
export function listSubjectsSeen(rows: Rows, seen: NonNullable<CameraFilter['seen']>): Promise<SubjectRow[]> {
  return rows.camera.findMany({
    where: where({ words: [], states: null, kinds: null, seen }),
    // Always the same ones where there are more.
    orderBy: { id: 'asc' },
    select: ofSubject,
    take: subjectsMax,
  });
}

export function listSubjectsOfStreams(rows: Rows, streamIds: readonly string[]): Promise<SubjectRow[]> {
  return rows.camera.findMany({
    where: { deletedAt: null, streamId: { in: [...streamIds] } },
    select: ofSubject,
    take: subjectsMax,
  });
}

/** All that are always read, and these; with the deleted ones that can still be restored. */
export function listSources(rows: Rows, streamIds: readonly string[]): Promise<SealedCameraRow[]> {
  return rows.camera.findMany({
    where: { OR: [{ ingest: 'always' }, { streamId: { in: [...streamIds] } }] },
    select: withAddress,
    orderBy: { id: 'asc' },
  });
}

export function findSource(rows: Rows, streamId: string): Promise<SealedCameraRow | null> {
  return rows.camera.findUnique({ where: { streamId }, select: withAddress });
}

export function countDemo(rows: Rows): Promise<number> {
  return rows.camera.count({ where: { demo: true, deletedAt: null } });
}

export type CameraValues = Omit<
  Prisma.CameraUncheckedCreateInput,
  'streamId' | 'createdAt' | 'updatedAt' | 'deletedAt' | 'id' | 'origin'
>;

/** A camera and its line of media are made together and belong together for life. */
export async function insertCamera(
  rows: Rows,
  camera: CameraValues & { id: string; streamId: string; origin?: string },
  epochMs: number,
): Promise<CameraRow> {
  await rows.stream.create({ data: { id: camera.streamId, epochMs: BigInt(epochMs) }, select: { id: true } });
  return rows.camera.create({ data: camera, select: shown });
}

/** Null when it is gone, or deleted. */
export async function updateCamera(rows: Rows, id: string, values: Partial<CameraValues>): Promise<CameraRow | null> {
  const { count } = await rows.camera.updateMany({ where: { id, deletedAt: null }, data: values });
  return count === 0 ? null : rows.camera.findUnique({ where: { id }, select: shown });
}

/** Whether it was changed: false when it is gone, or so already. */
export async function markDeleted(rows: Rows, id: string, at: Date | null): Promise<boolean> {
  const { count } = await rows.camera.updateMany({
    where: { id, deletedAt: at === null ? { not: null } : null },
    data: { deletedAt: at },
  });
  return count === 1;
}

/** Cameras that were deleted before `before`. */
export function listDeleted(rows: Rows, before: Date): Promise<{ id: string; streamId: string }[]> {
  return rows.camera.findMany({ where: { deletedAt: { lt: before } }, select: { id: true, streamId: true } });
}

/** Takes a deleted camera away with its line of media; false when it was restored meanwhile. */
export async function purgeCamera(rows: Rows, id: string, streamId: string, before: Date): Promise<boolean> {
  const { count } = await rows.camera.deleteMany({ where: { id, deletedAt: { lt: before } } });
  if (count === 1) await rows.stream.delete({ where: { id: streamId }, select: { id: true } });
  return count === 1;
}
