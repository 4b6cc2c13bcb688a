import type { Actor } from '#server/contracts/identity.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { MediaPlace } from '#server/streams/service.ts';

import type { House } from './house.ts';

type Identity = Pick<House['identity'], 'isAllowed'>;

/** `unknown`: they must not learn that there is such a stream. `unproved`: somebody who may is asked for. */
export type MediaAccess = 'granted' | 'unknown' | 'unproved' | 'refused';

/** Whether what is shown to everybody is all that is asked for, so that nobody need say who they are. */
export function isOpenToAll({ hidden, deleted, policy }: MediaPlace['source']): boolean {
  return !hidden && !deleted && (policy.visibility === 'public' || policy.visibility === 'unlisted');
}

/** Whether somebody may see the media of a stream: the present (`stream:view`), or what was (`recording:view`). */
export function mediaAccess(
  identity: Identity,
  actor: Actor,
  { source, permission }: { source: MediaPlace['source']; permission: 'stream:view' | 'recording:view' },
): MediaAccess {
  const { cameraId, ownerId, hidden, deleted, policy } = source;
  if (deleted) return 'unknown';
  if (isOpenToAll(source)) return 'granted';
  const subject = { type: 'camera', id: cameraId, ownerId, visibility: policy.visibility };
  if (hidden) return identity.isAllowed(actor, 'camera:write', subject) ? 'granted' : 'unknown';
  if (identity.isAllowed(actor, permission, subject)) return 'granted';
  return actor.type === 'anonymous' ? 'unproved' : 'refused';
}

/** Throws what the media door would answer. */
export async function assertMayWatch(
  { identity, streams }: { identity: Identity; streams: Pick<House['streams'], 'mediaPlace'> },
  actor: Actor,
  streamId: StreamId,
): Promise<void> {
  const place = await streams.mediaPlace(streamId);
  assertAccess(
    place ? mediaAccess(identity, actor, { source: place.source, permission: 'stream:view' }) : 'unknown',
    streamId,
  );
}

export function assertAccess(access: MediaAccess, streamId: StreamId): void {
  switch (access) {
    case 'granted':
      return;
    case 'unknown':
      throw new AppError('NOT_FOUND', { message: `no stream ${streamId}` });
    case 'unproved':
      throw new AppError('UNAUTHENTICATED', { message: 'this stream is not shown to everybody' });
    case 'refused':
      throw new AppError('FORBIDDEN', { message: 'this stream is not shown to you' });
  }
}
