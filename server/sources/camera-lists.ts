import { visibility, type CameraPage, type CameraQuery, type Visibility } from '#server/contracts/camera.ts';
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
  identity: Pick<IdentityService, 'isAllowed'>;
}

/** What `actor` may see in a list. Unlisted ones are found by their address alone; what is shown to nobody its owner sees all the same. */
export async function listCameras(
  { database, identity }: Options,
  actor: Actor,
  query: CameraQuery,
): Promise<CameraPage> {
  const seen = (value: Visibility) =>
    value !== 'unlisted' && identity.isAllowed(actor, 'camera:view', { ownerId: null, visibility: value });
  const isOwner = identity.isAllowed(actor, 'camera:update');
  const filter: store.CameraFilter = {
    words: (query.query ?? '').split(/\s+/u).filter((word) => word !== ''),
    states: query.states ?? null,
    kinds: query.kinds ?? null,
    visibilities: isOwner ? null : visibility.options.filter(seen),
    withheld: isOwner,
    demo: isOwner || (await readSetting(database, 'demoCamerasShown')),
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

/** The streams of those of the cameras that `actor` may see; of all in their list without `ids`. */
export async function visibleStreams(
  { database, identity }: Options,
  actor: Actor,
  ids: readonly string[] | null,
): Promise<StreamId[]> {
  const [rows, demoShown] = await Promise.all([
    store.listSubjects(database, ids),
    readSetting(database, 'demoCamerasShown'),
  ]);
  return rows
    .filter((row) => {
      const subject = { ownerId: row.ownerId, visibility: visibility.parse(row.visibility) };
      if (identity.isAllowed(actor, 'camera:update', subject)) return true;
      if (row.withheldAt !== null || (row.demo && !demoShown)) return false;
      return identity.isAllowed(actor, 'camera:view', subject) && (ids !== null || row.visibility !== 'unlisted');
    })
    .map((row) => idsOf(row).streamId);
}
