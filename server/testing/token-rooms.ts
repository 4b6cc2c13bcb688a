import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach } from 'vitest';

import type { Actor, UserActor } from '#server/contracts/identity.ts';
import type { PermissionPattern } from '#server/contracts/permissions.ts';
import { ActivityService } from '#server/identity/activity/service.ts';
import { AuditService } from '#server/identity/audit/service.ts';
import { IdentityService } from '#server/identity/service.ts';
import { TokensService } from '#server/identity/tokens/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import { createSealer } from '#server/platform/sealed.ts';

import { cloneDatabase } from './database.ts';
import { aBus, anActor, silentLog } from './factories.ts';

export const tokenIssuer = 'https://sensorium.example';
export const tokenSecret = 'internal secret of this test';
const password = 'correct horse battery';

/** Keys and tokens of a house, on a database of this file's own and a clock that is turned by hand; each test has an operator of its own. */
export function tokenRooms() {
  let clone: Awaited<ReturnType<typeof cloneDatabase>>;
  let time = Date.now();
  let house: ReturnType<typeof aHouse>;
  let person: UserActor;
  const now = () => new Date(time);
  const from = { ip: '192.0.2.1', userAgent: 'an agent', requestId: null };

  function aHouse(more: { issuer?: string; key?: string; seconds?: number } = {}) {
    const { database } = clone;
    const events = aBus();
    const identity = new IdentityService({ database, events, now });
    const tokens = new TokensService({
      database,
      events,
      sealer: createSealer(more.key ?? 'a key for tests only'),
      identity,
      audit: new AuditService({ database }),
      activity: new ActivityService({ database }),
      checkPassword: async ({ email, password: given }) => {
        const found = await database.user.findUnique({ where: { email } });
        if (!found || given !== password) throw new AppError('UNAUTHENTICATED', { message: 'wrong' });
        return { userId: found.id, name: found.name, good: { account: null, network: null } };
      },
      log: silentLog,
      secret: tokenSecret,
      issuer: more.issuer ?? tokenIssuer,
      accessTokenSeconds: more.seconds ?? 3600,
      now,
    });
    return { events, identity, tokens };
  }

  async function aPerson(roles: string[]): Promise<UserActor> {
    const actor = anActor();
    const { userId: id, email, name } = actor;
    const held = roles.map((roleId) => ({ id: randomUUID(), roleId }));
    await clone.database.user.create({ data: { id, email, name, userName: `u-${id}`, roles: { create: held } } });
    const found = await house.identity.personActor(id, { credential: actor.credential, scope: null });
    if (!found) throw new Error('nobody was made');
    return found;
  }

  beforeAll(async () => {
    clone = await cloneDatabase();
  });
  afterAll(async () => clone[Symbol.asyncDispose]());
  beforeEach(async () => {
    time = Date.now();
    house = aHouse();
    person = await aPerson(['operator']);
  });
  return {
    get database() {
      return clone.database;
    },
    get identity() {
      return house.identity;
    },
    get tokens() {
      return house.tokens;
    },
    get events() {
      return house.events;
    },
    get person() {
      return person;
    },
    from,
    password,
    now,
    later: (seconds: number) => (time += seconds * 1000),
    /** Another process of the house, or another house. */
    aHouse,
    aPerson,
    aKey: (permissions: PermissionPattern[], more: object = {}) =>
      house.tokens.keys.create(person, { name: 'A key', permissions, objects: null, expiresAt: null, ...more }),
    login: (scope?: string, who: TokensService = house.tokens) =>
      who.machines.login({ username: person.email, password, scope }, from),
    whoIs: (token: string, who: TokensService = house.tokens) => who.actorOfToken(token, from.ip),
    mayWrite: (actor: Actor | null, camera = aCamera()) =>
      actor !== null && house.identity.isAllowed(actor, 'camera:write', camera),
    setLocked: async (lockedAt: Date | null) => {
      await clone.database.user.update({ where: { id: person.userId }, data: { lockedAt } });
      house.events.publish({ type: 'user.changed', userId: person.userId });
    },
  };
}

/** Somebody else's. */
export function aCamera(id: string = randomUUID()) {
  return { type: 'camera', id, ownerId: null, visibility: 'private' } as const;
}
