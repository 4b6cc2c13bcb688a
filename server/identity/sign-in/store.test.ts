import { randomUUID } from 'node:crypto';

import * as argon2 from '@node-rs/argon2';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { cloneDatabase } from '#server/testing/database.ts';
import { anArrival, anEntrance, aPerson, rightPassword, wrongPassword } from '#server/testing/entrance.ts';

import { openFamily } from '../tokens/store.ts';
import { accountKey, SignInLocks } from './locks.ts';
import { networkOf } from './network.ts';
import { pruneTries, revokeSessions } from './store.ts';

vi.mock(import('@node-rs/argon2'), { spy: true });

let clone: Awaited<ReturnType<typeof cloneDatabase>>;

beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.signInFailure.deleteMany();
});

/** A process; the clock is shared by all that are given the same. */
function aProcess(clock: { ms: number } = { ms: Date.now() }) {
  const entrance = anEntrance(clone.database, { now: () => new Date(clock.ms) });
  const guess = (email: string, password = wrongPassword, ip = anArrival().ip) =>
    entrance.signIn.signIn({ email, password }, anArrival({ ip }));
  return { ...entrance, clock, guess };
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : null);

test('guessing is slowed down, and the right password after the wait clears it', async () => {
  const { guess, clock } = aProcess();
  const { email } = await aPerson(clone.database);
  for (let count = 0; count < 5; count += 1)
    await expect(guess(email)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(guess(email, rightPassword)).rejects.toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    details: { retryAfterSeconds: 1 },
  });
  clock.ms += 1001;
  await expect(guess(email)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(guess(email, rightPassword)).rejects.toMatchObject({ details: { retryAfterSeconds: 2 } });
  clock.ms += 2001;
  await expect(guess(email, rightPassword)).resolves.toMatchObject({ user: { email } });
  await expect(guess(email)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a machine that signs in settles its tries with the tokens that it is given', async () => {
  const { guess, signIn, clock } = aProcess();
  const { id, email } = await aPerson(clone.database);
  const { ip } = anArrival();
  for (let count = 0; count < 3; count += 1)
    await expect(guess(email, wrongPassword, ip)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  const failures = async () =>
    Object.fromEntries((await clone.database.signInFailure.findMany()).map((row) => [row.key, row.failures]));
  const [account, network] = [accountKey(email), `network ${networkOf(ip)}`];
  const { userId, good } = await signIn.checkPassword({ email, password: rightPassword }, { ip });
  expect(await failures()).toEqual({ [account]: 4, [network]: 4 });
  const at = new Date(clock.ms);
  const refresh = { tokenHash: new Uint8Array(32), expiresAt: new Date(clock.ms + 1000) };
  const family = { id: randomUUID(), userId, at, scope: [], ip, userAgent: null, refresh, forgetBefore: at, good };
  await openFamily(clone.database, family);
  expect(userId).toBe(id);
  expect(await failures()).toEqual({ [network]: 3 });
});

test('tries side by side count too', async () => {
  const { guess } = aProcess();
  const { email } = await aPerson(clone.database);
  const codes = await Promise.all(Array.from({ length: 20 }, () => guess(email).catch(codeOf)));
  expect(codes.filter((code) => code === 'UNAUTHENTICATED')).toHaveLength(5);
  expect(codes.filter((code) => code === 'TOO_MANY_REQUESTS')).toHaveLength(15);
});

test.each(['ada@example.org', 'zoe@example.org'])(
  '%s signs in from one network at several places at once, again and again, and nobody waits for the other for ever',
  async (name) => {
    const locks = new SignInLocks({ database: clone.database, now: () => new Date() });
    let left = 400;
    const place = async () => {
      for (; left > 0; left -= 1) {
        const counted = await locks.begin({ account: accountKey(name), ip: '192.0.2.7' });
        await counted.succeeded();
      }
    };
    await Promise.all(Array.from({ length: 4 }, place));
    expect(left).toBeLessThanOrEqual(0);
  },
);

test('a lock is the same in another process, and in one that starts later', async () => {
  const clock = { ms: Date.now() };
  const [here, there] = [aProcess(clock), aProcess(clock)];
  const { email } = await aPerson(clone.database);
  for (let count = 0; count < 5; count += 1) await here.guess(email).catch(codeOf);
  await expect(there.guess(email, rightPassword)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  clock.ms += 500;
  await expect(aProcess(clock).guess(email, rightPassword)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  clock.ms += 501;
  await expect(aProcess(clock).guess(email, rightPassword)).resolves.toBeDefined();
});

test('ten failures lock the account for a quarter of an hour, and a day without a try is forgotten', async () => {
  const { guess, clock } = aProcess();
  const { email } = await aPerson(clone.database);
  for (let count = 0; count < 10; count += 1) {
    await guess(email).catch(codeOf);
    clock.ms += count < 9 ? 60_000 : 0;
  }
  await expect(guess(email, rightPassword)).rejects.toMatchObject({ details: { retryAfterSeconds: 900 } });
  clock.ms += 24 * 3_600_000 + 1;
  for (let count = 0; count < 4; count += 1)
    await expect(guess(email)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test.each([
  ['198.51.100.7', '198.51.100.240', '198.51.101.7'],
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:3::1'],
])(
  'guessing many names from one network (%s) is refused there, and nowhere else',
  async (one, neighbour, elsewhere) => {
    const { guess } = aProcess();
    for (let count = 0; count < 20; count += 1)
      await expect(guess(`nobody${count}@example.org`, wrongPassword, one)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    const { email } = await aPerson(clone.database);
    await expect(guess(email, rightPassword, neighbour)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    await expect(guess(email, rightPassword, elsewhere)).resolves.toBeDefined();
  },
);

test('who has an account of their own does not clear their network by it', async () => {
  const { guess } = aProcess();
  const ip = '203.0.113.5';
  const { email } = await aPerson(clone.database);
  for (let count = 0; count < 19; count += 1) {
    await guess(`nobody${count}@example.org`, wrongPassword, ip).catch(codeOf);
    if (count % 6 === 0) await guess(email, rightPassword, ip);
  }
  const row = await clone.database.signInFailure.findUnique({ where: { key: `network ${networkOf(ip)}` } });
  expect(row?.failures).toBe(19);
});

test('10,000 wrong passwords are refused, nearly all before anything is hashed, and little is kept of them', async () => {
  const { guess } = aProcess();
  const { email } = await aPerson(clone.database);
  const hashed = () => vi.mocked(argon2.verify).mock.calls.length;
  const before = hashed();
  const outcomes = new Map<unknown, number>();
  for (let round = 0; round < 200; round += 1) {
    const codes = await Promise.all(Array.from({ length: 50 }, () => guess(email).catch(codeOf)));
    for (const code of codes) outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  }
  expect(outcomes).toEqual(
    new Map<unknown, number>([
      ['UNAUTHENTICATED', 5],
      ['TOO_MANY_REQUESTS', 9995],
    ]),
  );
  expect(hashed() - before).toBe(5);
  expect(await clone.database.signInFailure.count()).toBeLessThan(60);
}, 120_000);

test('a flood of names leaves a bounded memory and a bounded table', async () => {
  const clock = { ms: Date.now() };
  const locks = new SignInLocks({ database: clone.database, now: () => new Date(clock.ms), rememberedMax: 100 });
  await clone.database.signInFailure.createMany({
    data: Array.from({ length: 150 }, (_, index) => ({
      key: `email n${index}@example.org`,
      failures: 10,
      lastAt: new Date(clock.ms - index),
      lockedUntil: new Date(clock.ms + 900_000),
    })),
  });
  for (let index = 0; index < 150; index += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, step) =>
        locks.begin({ account: accountKey(`n${index + step}@example.org`), ip: null }).catch(codeOf),
      ),
    );
  expect(locks.remembered).toBe(100);
  await pruneTries(clone.database, { before: new Date(clock.ms - 120), keep: 70 });
  expect(await clone.database.signInFailure.count()).toBe(70);
});

test('somebody is told of a lock of theirs once, by mail and under the bell, and of the next one again', async () => {
  const { guess, clock } = aProcess();
  const { email, id } = await aPerson(clone.database);
  const told = async () => [
    await clone.database.activityItem.count({ where: { userId: id, kind: 'signIn.locked' } }),
    await clone.database.outboxItem.count({ where: { kind: 'mail', summary: { path: ['to'], equals: email } } }),
  ];
  const lock = async (times: number) => {
    for (let count = 0; count < times; count += 1) {
      await guess(email).catch(codeOf);
      clock.ms += 16 * 60_000;
    }
  };
  await lock(9);
  expect(await told()).toEqual([0, 0]);
  await lock(4);
  await vi.waitFor(async () => expect(await told()).toEqual([1, 1]), { timeout: 10_000 });
  await guess(email, rightPassword);
  await lock(11);
  await vi.waitFor(async () => expect((await told())[0]).toBe(2), { timeout: 10_000 });
});

test('a lock of somebody who does not exist is told to nobody', async () => {
  const { guess, clock } = aProcess();
  for (let count = 0; count < 12; count += 1) {
    await expect(guess('nobody@example.org')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    clock.ms += 16 * 60_000;
  }
  expect(
    await clone.database.outboxItem.count({ where: { summary: { path: ['to'], equals: 'nobody@example.org' } } }),
  ).toBe(0);
});

test('with all of the sessions of an admin their looks as somebody else end, and nobody else', async () => {
  const { database } = clone;
  const [admin, person] = [await aPerson(database), await aPerson(database)];
  const aSession = async (userId: string, viewedBy: string | null) => {
    const id = randomUUID();
    await database.session.create({ data: { id, userId, viewedBy, expiresAt: new Date(Date.now() + 60_000) } });
    return id;
  };
  const own = await aSession(admin.id, null);
  const kept = await aSession(admin.id, null);
  const look = await aSession(person.id, admin.id);
  await aSession(person.id, null);
  expect(await revokeSessions(database, { userId: person.id, id: own }, new Date())).toEqual([]);
  const ended = await revokeSessions(database, { userId: admin.id, notId: kept }, new Date());
  expect(ended.toSorted()).toEqual([own, look].toSorted());
});
