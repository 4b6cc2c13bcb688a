import { randomUUID } from 'node:crypto';

import * as argon2 from '@node-rs/argon2';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { EventBus } from '#server/platform/events.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, anActor, silentLog } from '#server/testing/factories.ts';

import { IdentityService } from './service.ts';

vi.mock(import('@node-rs/argon2'), { spy: true });

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
const from = { ip: '192.0.2.1', userAgent: 'a browser' };
const password = 'correct horse battery';

beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.session.deleteMany();
  await clone.database.user.deleteMany();
  await clone.database.ownerClaim.deleteMany();
});

const aService = (more: { now?: () => Date; events?: ReturnType<typeof aBus> } = {}) =>
  new IdentityService({ database: clone.database, events: aBus(), ...more });

const claim = async (identity: IdentityService, email = 'owner@example.org') =>
  identity.claimOwner({ token: (await identity.issueOwnerClaim()) ?? '', name: 'Owner', email, password });

test('an owner link works once, makes one owner, and is not given again', async () => {
  const identity = aService();
  expect(await identity.ownerMissing()).toBe(true);
  const token = (await identity.issueOwnerClaim()) ?? '';
  const claims = [1, 2].map((count) =>
    identity.claimOwner({ token, name: 'Owner', email: `owner${count}@example.org`, password }),
  );
  const outcomes = await Promise.allSettled(claims);
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  expect(await clone.database.user.count({ where: { isOwner: true } })).toBe(1);
  expect(await identity.ownerMissing()).toBe(false);
  expect(await identity.issueOwnerClaim()).toBeNull();
});

test('an owner link ends after a day, and when a newer one is made', async () => {
  let time = Date.now();
  const identity = aService({ now: () => new Date(time) });
  const input = { name: 'Owner', email: 'owner@example.org', password };
  const first = (await identity.issueOwnerClaim()) ?? '';
  const second = (await identity.issueOwnerClaim()) ?? '';
  await expect(identity.claimOwner({ ...input, token: first })).rejects.toMatchObject({ code: 'GONE' });
  time += 24 * 3_600_000 + 1;
  await expect(identity.claimOwner({ ...input, token: second })).rejects.toMatchObject({ code: 'GONE' });
});

test('nothing is hashed for a link that does not hold, nor once there is an owner', async () => {
  const identity = aService();
  const input = { name: 'Owner', email: 'owner@example.org', password };
  await identity.issueOwnerClaim();
  const hash = vi.mocked(argon2.hash).mockClear();
  await expect(identity.claimOwner({ ...input, token: 'made up' })).rejects.toMatchObject({ code: 'GONE' });
  expect(hash).not.toHaveBeenCalled();
  await claim(identity);
  expect(hash).toHaveBeenCalledTimes(1);
  await expect(aService().claimOwner({ ...input, token: 'made up' })).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(hash).toHaveBeenCalledTimes(1);
});

test('only the hash of the link and of the password is kept', async () => {
  const identity = aService();
  const token = (await identity.issueOwnerClaim()) ?? '';
  const [kept] = await clone.database.ownerClaim.findMany();
  expect(Buffer.from(kept?.tokenHash ?? []).toString('latin1')).not.toContain(token);
  await identity.claimOwner({ token, name: 'Owner', email: 'Owner@Example.org', password });
  const user = await clone.database.user.findFirstOrThrow();
  expect(user).toMatchObject({ email: 'owner@example.org' });
  expect(user.passwordHash).toMatch(/^\$argon2id\$/);
});

test('a session is the signed-in person until it is revoked or expires', async () => {
  let time = Date.now();
  const events = aBus();
  const identity = aService({ now: () => new Date(time), events });
  const owner = await claim(identity);
  const { user, sessionId } = await identity.signIn({ email: 'OWNER@example.org', password }, from);
  expect(user).toEqual(owner);
  const actor = await identity.actorOf(sessionId);
  expect(actor).toMatchObject({ type: 'user', userId: owner.id, isOwner: true });
  await identity.signOut(actor);
  expect(await identity.actorOf(sessionId)).toEqual({ type: 'anonymous' });
  const again = await identity.signIn({ email: 'owner@example.org', password }, from);
  time += 31 * 86_400_000;
  expect(await identity.actorOf(again.sessionId)).toEqual({ type: 'anonymous' });
  expect(await identity.actorOf(randomUUID())).toEqual({ type: 'anonymous' });
});

test('a revoked session is forgotten at once where the bus reaches, also after the bus lost the database', async () => {
  const [hereBus, thereBus] = [1, 2].map(() => new EventBus({ url: clone.url, log: silentLog }));
  if (!hereBus || !thereBus) throw new Error('two were made');
  await Promise.all([hereBus.start(), thereBus.start()]);
  try {
    const [here, there] = [aService({ events: hereBus }), aService({ events: thereBus })];
    await claim(here);
    const revokeOne = async () => {
      const { sessionId } = await here.signIn({ email: 'owner@example.org', password }, from);
      expect(await there.actorOf(sessionId)).toMatchObject({ type: 'user' });
      await here.signOut(await here.actorOf(sessionId));
      // Sooner than the 5 s after which it would be asked for anyhow.
      await vi.waitFor(async () => expect(await there.actorOf(sessionId)).toEqual({ type: 'anonymous' }), 4000);
    };
    await revokeOne();
    const gaps = [hereBus, thereBus].map((bus) => new Promise<void>((resolve) => void bus.onGap(resolve)));
    await clone.database.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'sensorium events'`;
    await Promise.all(gaps);
    await revokeOne();
  } finally {
    await Promise.all([hereBus.close(), thereBus.close()]);
  }
});

test('another process forgets a revoked session within 5 s even when the bus is silent', async () => {
  let time = Date.now();
  const now = () => new Date(time);
  const [here, there] = [aService({ now }), aService({ now })];
  await claim(here);
  const { sessionId } = await here.signIn({ email: 'owner@example.org', password }, from);
  expect(await there.actorOf(sessionId)).toMatchObject({ type: 'user' });
  await here.signOut(await here.actorOf(sessionId));
  time += 5001;
  expect(await there.actorOf(sessionId)).toEqual({ type: 'anonymous' });
});

test('an unknown e-mail and a wrong password are told alike', async () => {
  const identity = aService();
  await claim(identity);
  const faults = await Promise.all(
    ['owner@example.org', 'nobody@example.org'].map((email) =>
      identity
        .signIn({ email, password: 'wrong wrong wrong' }, { ip: null, userAgent: null })
        .catch((error: unknown) => error),
    ),
  );
  expect(faults).toMatchObject([{ code: 'UNAUTHENTICATED' }, { code: 'UNAUTHENTICATED' }]);
  expect(String(faults[0])).toBe(String(faults[1]));
});

test('guessing is slowed down, and the right password after the wait clears it', async () => {
  let time = Date.now();
  const identity = aService({ now: () => new Date(time) });
  await claim(identity);
  const guess = (word: string) => identity.signIn({ email: 'owner@example.org', password: word }, from);
  for (let count = 0; count < 5; count += 1)
    await expect(guess('wrong wrong wrong')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(guess(password)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: 1 } });
  time += 1001;
  await expect(guess(password)).resolves.toMatchObject({ user: { isOwner: true } });
  await expect(guess('wrong wrong wrong')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('refuses what is not granted', () => {
  const identity = aService();
  expect(() => identity.authorize({ type: 'anonymous' }, 'camera:create')).toThrow(
    expect.objectContaining({ code: 'UNAUTHENTICATED' }),
  );
  expect(() => identity.authorize(anActor(), 'camera:create')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  expect(() => identity.authorize(anActor({ isOwner: true }), 'camera:create')).not.toThrow();
});
