import type { CameraForOwner } from '#server/contracts/camera.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Events } from '#server/platform/events.ts';
import type { Database } from '#server/platform/transaction.ts';

import { noteCamera } from './camera-note.ts';
import { toCameraForOwner } from './camera-view.ts';
import { cameraSubject, findCamera } from './find-camera.ts';
import * as store from './store.ts';
import { idsOf } from './stream-source.ts';
import { hasReason, withoutReason, withReason } from './withheld-reasons.ts';

interface Options {
  database: Database;
  events: Events;
  identity: Pick<IdentityService, 'isAllowed' | 'authorize'>;
}

/** Shown to nobody but its owner from now on, and not read; a reason that stood before stays underneath. */
export function withhold(
  options: Options,
  actor: Actor,
  { id, reason, at }: { id: string; reason: string; at: Date },
): Promise<CameraForOwner> {
  return change(options, { actor, id }, ({ withheldAt, withheldReason }) => ({
    withheldAt: at,
    withheldReason: withReason(withheldAt && withheldReason, reason),
  }));
}

/** Takes that reason away; shows it again where no other stands. */
export function release(
  options: Options,
  actor: Actor,
  { id, reason }: { id: string; reason: string },
): Promise<CameraForOwner> {
  return change(options, { actor, id }, (row) => {
    if (!hasReason(row.withheldReason, reason)) return null;
    const withheldReason = withoutReason(row.withheldReason, reason);
    return { withheldAt: withheldReason === null ? null : row.withheldAt, withheldReason };
  });
}

async function change(
  options: Options,
  { actor, id }: { actor: Actor; id: string },
  changeOf: (row: store.CameraRow) => { withheldAt: Date | null; withheldReason: string | null } | null,
): Promise<CameraForOwner> {
  const { identity, database, events } = options;
  const before = await findCamera(options, actor, id);
  identity.authorize(actor, 'camera:write', cameraSubject(before));
  const values = changeOf(before);
  if (!values) return toCameraForOwner(before);
  const row = await store.updateCamera(database, id, values);
  if (!row) throw new AppError('NOT_FOUND', { message: `camera ${id} is gone` });
  events.publish({ type: 'camera.changed', ...idsOf(row), change: 'changed' });
  noteCamera(id, { before, after: row });
  return toCameraForOwner(row);
}
