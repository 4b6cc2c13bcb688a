import { randomUUID } from 'node:crypto';

import pino from 'pino';

import type { CameraInput } from '#server/contracts/camera.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { streamId, userId } from '#server/contracts/ids.ts';
import type { MediaState } from '#server/contracts/media-state.ts';
import { IdentityService } from '#server/identity/service.ts';
import { EventBus } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import { createSealer, type Sealer } from '#server/platform/sealed.ts';
import type { Database } from '#server/platform/transaction.ts';
import { SourcesService } from '#server/sources/service.ts';

export const silentLog: Logger = pino({ level: 'silent' });

/** A bus that stays in its process. */
export function aBus(): EventBus {
  return new EventBus({ url: 'postgresql://127.0.0.1:1/none', log: silentLog });
}

export function anActor(overrides: Partial<Extract<Actor, { type: 'user' }>> = {}): Extract<Actor, { type: 'user' }> {
  return {
    type: 'user',
    userId: userId.parse(randomUUID()),
    credential: { kind: 'session', id: randomUUID() },
    name: 'Aya Tanaka',
    email: `${randomUUID()}@example.org`,
    isOwner: false,
    grants: [],
    scope: null,
    viewedBy: null,
    ...overrides,
  };
}

/** A row's worth of owner: cameras refer to it. */
export async function anOwner(database: Database): Promise<Extract<Actor, { type: 'user' }>> {
  const owner = anActor({ isOwner: true });
  await database.user.create({
    data: {
      id: owner.userId,
      email: owner.email,
      userName: `u-${owner.userId}`,
      name: owner.name,
      passwordHash: 'not a hash',
      roles: { create: { id: randomUUID(), roleId: 'owner' } },
    },
  });
  return owner;
}

export function aCameraInput(overrides: Partial<CameraInput> = {}): CameraInput {
  return {
    name: `Camera ${randomUUID()}`,
    latitude: 35.66,
    longitude: 139.7,
    kind: 'rtsp',
    address: 'rtsp://camera.example/live',
    ...overrides,
  };
}

export function aSourcesService(
  database: Database,
  overrides: { now?: () => Date; events?: EventBus; log?: Logger; sealer?: Sealer } = {},
): SourcesService {
  const events = overrides.events ?? aBus();
  return new SourcesService({
    database,
    events,
    sealer: createSealer('a key for tests only'),
    identity: new IdentityService({ database, events }),
    log: silentLog,
    ...overrides,
  });
}

export function aMediaState(overrides: Partial<MediaState> = {}): MediaState {
  const now = new Date().toISOString();
  return {
    streamId: streamId.parse(randomUUID()),
    state: 'live',
    reason: null,
    since: now,
    measuredAt: now,
    frameAgeMs: 200,
    fps: 25,
    bitrate: 1_000_000,
    width: 1280,
    height: 720,
    codecs: 'avc1.64001f',
    gopSeconds: 2,
    bFrames: false,
    audio: false,
    rungs: [],
    clock: 'sr',
    viewers: 0,
    dropped: 0,
    writing: true,
    recordedBytes: 0,
    oldest: null,
    ...overrides,
  };
}
