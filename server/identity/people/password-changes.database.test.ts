import { randomUUID } from 'node:crypto';

import * as argon2 from '@node-rs/argon2';
import { expect, test, vi } from 'vitest';

import { linkInput } from '#server/contracts/account.ts';
import { peopleRooms } from '#server/testing/people-rooms.ts';
import { aMail, aPassword, aPeople, nextPassword } from '#server/testing/people.ts';

vi.mock(import('@node-rs/argon2'), { spy: true });

const rooms = peopleRooms();
const gone = { code: 'GONE' };
const minute = 60_000;

test('a reset link sets the password once, within 30 minutes, and ends every session and token', async () => {
  await using house = await aPeople(rooms.database);
  const actor = await house.aPerson();
  const { email, userId } = actor;
  const family = await rooms.database.tokenFamily.create({ data: { id: randomUUID(), userId } });
  await house.people.passwords.requestReset(email.toUpperCase());
  const { page, token } = await house.linkTo(email);
  expect(page).toBe('/password-reset');
  await house.people.passwords.reset({ token, password: nextPassword }, house.from);
  expect(await house.identity.actorOf(actor.credential.id)).toEqual({ type: 'anonymous' });
  expect(await rooms.database.tokenFamily.findUnique({ where: { id: family.id } })).toMatchObject({
    revokedReason: 'password',
  });
  expect(house.told).toContainEqual({ type: 'session.revoked', sessionId: actor.credential.id, userId });
  expect(house.told).toContainEqual({ type: 'credential.revoked', kind: 'token', id: family.id, userId });
  expect((await house.mailsTo(email)).at(-1)?.subject).toContain('password was changed');
  expect(await rooms.database.activityItem.count({ where: { userId, kind: 'password.changed' } })).toBe(1);
  await expect(house.signInAs(email, aPassword)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await house.signInAs(email, nextPassword)).toMatchObject({ userId });
  await expect(house.people.passwords.reset({ token, password: aPassword }, house.from)).rejects.toMatchObject(gone);
});

test('of one reset link that is opened twice side by side, one is taken', async () => {
  await using house = await aPeople(rooms.database);
  const { email } = await house.aPerson();
  await house.people.passwords.requestReset(email);
  const { token } = await house.linkTo(email);
  const tries = [nextPassword, `${nextPassword} too`].map((password) =>
    house.people.passwords.reset({ token, password }, house.from),
  );
  expect((await Promise.allSettled(tries)).map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('a link that is over, of another kind or made up opens nothing, and nothing is hashed for it', async () => {
  await using house = await aPeople(rooms.database);
  const { email } = await house.aPerson();
  const other = aMail();
  await house.signUp(other);
  const confirming = (await house.linkTo(other)).token;
  await house.people.passwords.requestReset(email);
  const resetting = (await house.linkTo(email)).token;
  const { emails, passwords, signUps } = house.people;
  const hash = vi.mocked(argon2.hash).mockClear();
  const reset = (token: string) => passwords.reset({ token, password: nextPassword }, house.from);
  await expect(reset(confirming)).rejects.toMatchObject(gone);
  await expect(reset('made up, and long enough')).rejects.toMatchObject(gone);
  for (const open of [
    (token: string) => signUps.confirmEmail(token),
    (token: string) => emails.confirm(token),
    (token: string) => emails.undo(token),
  ])
    await expect(open(resetting)).rejects.toMatchObject(gone);
  house.clock.time += 30 * minute + 1;
  await expect(reset(resetting)).rejects.toMatchObject(gone);
  expect(hash).not.toHaveBeenCalled();
  expect(linkInput.safeParse({ token: 'x'.repeat(201) }).success).toBe(false);
});

test('links are kept as hashes alone', async () => {
  await using house = await aPeople(rooms.database);
  const { email, userId } = await house.aPerson();
  await house.people.passwords.requestReset(email);
  const { token } = await house.linkTo(email);
  const rows = await rooms.database.accountLink.findMany({ where: { userId } });
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(Buffer.from(row.tokenHash).toString('base64url')).not.toBe(token);
  expect(JSON.stringify(await rooms.database.outboxItem.findMany({ select: { summary: true } }))).not.toContain(token);
});

test('asking for a reset tells nobody who has an account, and fills no mailbox', async () => {
  await using house = await aPeople(rooms.database);
  const { email } = await house.aPerson();
  const before = (await house.mailsTo(email)).length;
  const asked = performance.now();
  await house.people.passwords.requestReset(aMail());
  expect(performance.now() - asked).toBeGreaterThanOrEqual(190);
  await Promise.all(Array.from({ length: 6 }, () => house.people.passwords.requestReset(email)));
  expect(await house.mailsTo(email)).toHaveLength(before + 3);
});

test('a reset confirms the address it went to, and opens the account to its person again after wrong passwords', async () => {
  await using house = await aPeople(rooms.database);
  const email = aMail();
  await house.signUp(email);
  for (let count = 0; count < 6; count += 1) await house.signInAs(email, 'wrong all the time').catch(() => undefined);
  await house.people.passwords.requestReset(email);
  await house.people.passwords.reset({ token: (await house.linkTo(email)).token, password: nextPassword }, house.from);
  expect((await rooms.userOf(email))?.emailConfirmedAt).not.toBeNull();
  expect(await rooms.database.signInFailure.count({ where: { key: `email ${email}` } })).toBe(0);
});

test('a password is changed by the current one, and other devices are signed out', async () => {
  await using house = await aPeople(rooms.database);
  const actor = await house.aPerson();
  const other = await house.signInAs(actor.email);
  house.clock.time += 11 * minute;
  const change = (current?: string) =>
    house.people.passwords.change(actor, { current, next: nextPassword }, house.from);
  await expect(change()).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'proof' } });
  await expect(change('not the password')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await change(aPassword);
  expect(await house.identity.actorOf(other.credential.id)).toEqual({ type: 'anonymous' });
  expect(await house.identity.actorOf(actor.credential.id)).toMatchObject({ type: 'user' });
  expect((await house.mailsTo(actor.email)).at(-1)?.text).toContain(house.from.ip);
});

test('a sign-in of the last ten minutes is proof enough', async () => {
  await using house = await aPeople(rooms.database);
  const actor = await house.aPerson();
  await house.people.passwords.change(actor, { next: nextPassword }, house.from);
  expect(await house.signInAs(actor.email, nextPassword)).toMatchObject({ userId: actor.userId });
});

test('a reset signs nobody in: a second factor is asked for as before', async () => {
  await using house = await aPeople(rooms.database);
  const { email, userId } = await house.aPerson();
  await rooms.database.secondFactor.create({
    data: { userId, sealedSecret: Uint8Array.of(1), confirmedAt: new Date() },
  });
  await house.people.passwords.requestReset(email);
  await house.people.passwords.reset({ token: (await house.linkTo(email)).token, password: nextPassword }, house.from);
  await expect(house.signInAs(email, nextPassword)).rejects.toMatchObject({ details: { reason: 'secondFactor' } });
});

test('whoever used an account before its address was proved has no way in beside its holder after a reset', async () => {
  await using house = await aPeople(rooms.database, { mailLeaves: false });
  const email = aMail();
  await house.signUp(email);
  const { userId } = await house.signInAs(email);
  const planted = { id: randomUUID(), userId, name: 'planted' };
  await rooms.database.passkey.create({
    data: { ...planted, credentialId: randomUUID(), publicKey: Uint8Array.of(1), counter: 0 },
  });
  await rooms.database.externalIdentity.create({ data: { issuer: 'https://id.example', subject: email, userId } });
  const key = await rooms.database.apiKey.create({
    data: { ...planted, prefix: `sns_${randomUUID().slice(0, 8)}`, secretHash: Uint8Array.of(1), permissions: ['*'] },
  });
  await house.people.passwords.requestReset(email);
  await house.people.passwords.reset({ token: (await house.linkTo(email)).token, password: nextPassword }, house.from);
  expect(await rooms.database.passkey.count({ where: { userId } })).toBe(0);
  expect(await rooms.database.externalIdentity.count({ where: { userId } })).toBe(0);
  expect((await rooms.database.apiKey.findUnique({ where: { id: key.id } }))?.revokedAt).not.toBeNull();
  expect(house.told).toContainEqual({ type: 'credential.revoked', kind: 'key', id: key.id, userId });
});
