import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach } from 'vitest';

import type { HouseEvent } from '#server/contracts/events.ts';
import { userId } from '#server/contracts/ids.ts';
import { AccessService } from '#server/identity/access/service.ts';
import { ActivityService } from '#server/identity/activity/service.ts';
import { IdentityService } from '#server/identity/service.ts';
import type { EventBus } from '#server/platform/events.ts';
import type { Database } from '#server/platform/transaction.ts';

import { cloneDatabase } from './database.ts';
import { aBus, aSourcesService } from './factories.ts';

/** What admins do, on a database of this file's own that each test finds empty. */
export function accessRooms() {
  let clone: Awaited<ReturnType<typeof cloneDatabase>>;
  let house: ReturnType<typeof aHouse>;
  beforeAll(async () => {
    clone = await cloneDatabase();
  });
  afterAll(async () => clone[Symbol.asyncDispose]());
  beforeEach(async () => {
    await clone.database.camera.deleteMany();
    await clone.database.user.deleteMany();
    await clone.database.role.deleteMany({ where: { builtIn: false } });
    await clone.database.signInFailure.deleteMany();
    house = aHouse(clone.database);
  });
  return {
    get house() {
      return house;
    },
    get database() {
      return clone.database;
    },
    aPerson: (roleIds: string[] = [], more: { name?: string; permissions?: string[] } = {}) =>
      aPerson(house, roleIds, more),
    heldBy: async (id: string, roleId: string) =>
      (await clone.database.userRole.findFirstOrThrow({ where: { userId: id, roleId } })).id,
  };
}

function aHouse(database: Database) {
  const events: EventBus = aBus();
  const told: HouseEvent[] = [];
  for (const type of [
    'session.revoked',
    'credential.revoked',
    'user.changed',
    'user.locked',
    'roles.changed',
    'settings.changed',
  ] as const)
    events.on(type, (event) => void told.push(event));
  let now = Date.now();
  const clock = () => new Date(now);
  const identity = new IdentityService({ database, events, now: clock });
  const sources = aSourcesService(database, { events });
  const resets: string[] = [];
  const access = new AccessService({
    database,
    events,
    identity,
    now: clock,
    activity: new ActivityService({ database }),
    objectTypes: { camera: async (id) => (await sources.subject(id)) !== null },
    sendReset: async (email) => void resets.push(email),
  });
  return { database, events, told, identity, sources, resets, access, pass: (ms: number) => void (now += ms) };
}

/** A person with rows, as they come by a session of theirs. */
async function aPerson(
  { database, identity }: ReturnType<typeof aHouse>,
  roleIds: string[],
  more: { name?: string; permissions?: string[] },
) {
  const id = userId.parse(randomUUID());
  if (more.permissions) {
    const own = `own-${id.slice(0, 8)}`.replace(/-\d/, '-x');
    await database.role.create({ data: { id: own, name: own, permissions: more.permissions } });
    roleIds.push(own);
  }
  await database.user.create({
    data: {
      id,
      email: `${id}@example.org`,
      userName: `u-${id}`,
      name: more.name ?? 'Somebody',
      roles: { create: roleIds.map((roleId) => ({ id: randomUUID(), roleId })) },
    },
  });
  const sessionId = randomUUID();
  await database.session.create({ data: { id: sessionId, userId: id, expiresAt: new Date(Date.now() + 86_400_000) } });
  const actor = await identity.actorOf(sessionId);
  if (actor.type !== 'user') throw new Error('they have a session');
  return { id, sessionId, actor, again: () => identity.actorOf(sessionId) };
}
