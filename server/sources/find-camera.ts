import { visibility } from '#server/contracts/camera.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { IdentityService, Subject } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import { readSetting } from '#server/platform/settings.ts';
import type { Database } from '#server/platform/transaction.ts';

import * as store from './store.ts';

interface Options {
  database: Database;
  identity: Pick<IdentityService, 'isAllowed'>;
}

/** A camera that `actor` may see. Whoever may not is told the same as if it were not there. */
export async function findCamera(
  { database, identity }: Options,
  actor: Actor,
  id: string,
): Promise<store.SealedCameraRow> {
  const row = await store.findCamera(database, id);
  const isShown = row && !row.withheldAt && (!row.demo || (await readSetting(database, 'demoCamerasShown')));
  const mayLook =
    row &&
    ((isShown && identity.isAllowed(actor, 'camera:view', cameraSubject(row))) ||
      identity.isAllowed(actor, 'camera:write', cameraSubject(row)));
  if (!row || row.deletedAt || !mayLook) {
    throw new AppError('NOT_FOUND', { message: `no camera ${id}` });
  }
  return row;
}

/** A camera as identity is asked about it. */
export function cameraSubject(row: { id: string; ownerId: string | null; visibility: string }): Subject {
  return { type: 'camera', id: row.id, ownerId: row.ownerId, visibility: visibility.parse(row.visibility) };
}
