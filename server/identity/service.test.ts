import * as argon2 from '@node-rs/argon2';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, anActor } from '#server/testing/factories.ts';

import { IdentityService } from './service.ts';

vi.mock(import('@node-rs/argon2'), { spy: true });

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
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

const aService = (more: { now?: () => Date } = {}) =>
  new IdentityService({ database: clone.database, events: aBus(), ...more });

const claim = async (identity: IdentityService) =>
  identity.claimOwner({
    token: (await identity.issueOwnerClaim()) ?? '',
    name: 'Owner',
    email: 'owner@example.org',
    password,
  });

test('an owner link works once, makes one owner, and is not given again', async () => {
  const identity = aService();
  expect(await identity.ownerMissing()).toBe(true);
  const token = (await identity.issueOwnerClaim()) ?? '';
  const claims = [1, 2].map((count) =>
    identity.claimOwner({ token, name: 'Owner', email: `owner${count}@example.org`, password }),
  );
  const outcomes = await Promise.allSettled(claims);
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  expect(await clone.database.userRole.count({ where: { roleId: 'owner' } })).toBe(1);
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

test('refuses what is not granted', () => {
  const identity = aService();
  expect(() => identity.authorize({ type: 'anonymous' }, 'camera:write')).toThrow(
    expect.objectContaining({ code: 'UNAUTHENTICATED' }),
  );
  expect(() => identity.authorize(anActor(), 'camera:write')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  expect(() => identity.authorize(anActor({ isOwner: true }), 'camera:write')).not.toThrow();
});
