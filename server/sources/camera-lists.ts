import { visibility, type CameraPage, type CameraQuery } from '#server/contracts/camera.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { readSetting } from '#server/platform/settings.ts';
import type { Database } from '#server/platform/transaction.ts';

import { toCameraView } from './camera-view.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import * as store from './store.ts';
import { idsOf } from './stream-source.ts';

const pageLength = 100;

interface Options {
  database: Database;
  identity: Pick<IdentityService, 'isAllowed' | 'reachOf'>;
}

/** What `actor` may see in a list. */
export async function listCameras(
  { database, identity }: Options,
  actor: Actor,
  query: CameraQuery,
): Promise<CameraPage> {
  const filter: store.CameraFilter = {
    words: (query.query ?? '').split(/\s+/u).filter((word) => word !== ''),
    states: query.states ?? null,
    kinds: query.kinds ?? null,
    seen: await seenBy({ database, identity }, actor),
  };
  const limit = query.limit ?? pageLength;
  const after = query.cursor ? decodeCursor(query.cursor) : null;
  const [rows, total] = await Promise.all([
    store.listCameras(database, filter, { after, limit: limit + 1 }),
    store.countCameras(database, filter),
  ]);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(toCameraView),
    nextCursor: rows.length > limit && last ? encodeCursor(last) : null,
    total,
  };
}

async function seenBy({ database, identity }: Options, actor: Actor): Promise<NonNullable<store.CameraFilter['seen']>> {
  return {
    view: identity.reachOf(actor, 'camera:view', 'camera'),
    write: identity.reachOf(actor, 'camera:write', 'camera'),
    demoShown: await readSetting(database, 'demoCamerasShown'),
  };
}

/** The streams of those of the cameras that `actor` may see; of all in their list without `ids`. */
export async function visibleStreams(
  options: Options,
  actor: Actor,
  ids: readonly string[] | null,
): Promise<StreamId[]> {
  return (await visibleRows(options, actor, ids)).map((row) => idsOf(row).streamId);
}

/** Those of the streams that `actor` may see; `listed`: in their list. */
export async function visibleAmong(
  options: Options,
  actor: Actor,
  streamIds: readonly StreamId[],
  { listed }: { listed: boolean },
): Promise<StreamId[]> {
  const rows = await store.listSubjectsOfStreams(options.database, streamIds);
  return (await allowed(options, actor, rows, listed)).map((row) => idsOf(row).streamId);
}

/** What those of the cameras are called that `actor` may see. */
export async function cameraNames(
  options: Options,
  actor: Actor,
  ids: readonly string[],
): Promise<{ id: string; name: string; nameJa: string | null }[]> {
  return (await visibleRows(options, actor, ids)).map(({ id, name, nameJa }) => ({ id, name, nameJa }));
}

async function visibleRows(options: Options, actor: Actor, ids: readonly string[] | null) {
  const { database } = options;
  if (ids) return allowed(options, actor, await store.listSubjects(database, ids), false);
  return allowed(options, actor, await store.listSubjectsSeen(database, await seenBy(options, actor)), true);
}

async function allowed(
  { database, identity }: Options,
  actor: Actor,
  rows: readonly store.SubjectRow[],
  listed: boolean,
): Promise<store.SubjectRow[]> {
  const demoShown = await readSetting(database, 'demoCamerasShown');
  return rows.filter((row) => {
    const subject = {
      type: 'camera',
      id: row.id,
      ownerId: row.ownerId,
      visibility: visibility.parse(row.visibility),
    };
    if (identity.isAllowed(actor, 'camera:write', subject)) return true;
    if (row.withheldAt !== null || (row.demo && !demoShown)) return false;
    return identity.isAllowed(actor, 'camera:view', subject) && (!listed || row.visibility !== 'unlisted');
  });
}
