import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import * as argon2 from '@node-rs/argon2';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { accountExport, linkInput, profilePatch, signUpInput } from '#server/contracts/account.ts';
import { writeSetting } from '#server/platform/settings.ts';
import type { AnswerCookie, AuditNote, Context } from '#server/platform/trpc.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aCameraInput, aSourcesService, silentLog } from '#server/testing/factories.ts';
import { aPassword, aPeople } from '#server/testing/people.ts';

import { createAccountRouter } from './router.ts';
import type { PeopleService } from './service.ts';

vi.mock(import('@node-rs/argon2'), { spy: true });

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
const nextPassword = 'a staple of another horse';
const minute = 60_000;
const hour = 60 * minute;
const aMail = () => `${randomUUID()}@example.org`;
const gone = { code: 'GONE' };

beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await writeSetting(clone.database, 'signUp', 'open');
  await writeSetting(clone.database, 'signUpRole', '');
  await clone.database.outboxItem.deleteMany();
});

const userOf = (email: string) =>
  clone.database.user.findUnique({ where: { email }, include: { roles: true, secondFactor: true } });

// Signing up

test('whoever signs up where it is open gets the role of the setting, once the mailed link is opened', async () => {
  await writeSetting(clone.database, 'signUpRole', 'viewer');
  await using house = await aPeople(clone.database);
  const email = aMail();
  expect(await house.signUp(email.toUpperCase())).toEqual({ status: 'checkMail' });
  const person = await userOf(email);
  expect(person).toMatchObject({ emailConfirmedAt: null, name: 'Aya Tanaka' });
  expect(person?.userName).toMatch(/^aya-tanaka-/);
  expect(person?.roles.map(({ roleId }) => roleId)).toEqual(['viewer']);
  expect(person?.passwordHash).toMatch(/^\$argon2id\$/);
  expect(house.told).toContainEqual({ type: 'user.created', userId: person?.id });
  const { page, token } = await house.linkTo(email);
  expect(page).toBe('/confirm-email');
  await house.people.signUps.confirmEmail(token);
  expect((await userOf(email))?.emailConfirmedAt).not.toBeNull();
  await expect(house.people.signUps.confirmEmail(token)).rejects.toMatchObject(gone);
});

test('where an invitation is asked for, or nobody is let in, nobody makes an account; a hash is not even begun', async () => {
  await using house = await aPeople(clone.database);
  const hash = vi.mocked(argon2.hash).mockClear();
  for (const mode of ['invitation', 'closed'] as const) {
    await writeSetting(clone.database, 'signUp', mode);
    const refused = { code: 'FORBIDDEN', details: { reason: mode } };
    await expect(house.signUp(aMail())).rejects.toMatchObject(refused);
  }
  expect(hash).not.toHaveBeenCalled();
});

test('the owner is never made by signing up, whatever the setting says', async () => {
  await writeSetting(clone.database, 'signUpRole', 'owner');
  await using house = await aPeople(clone.database);
  const email = aMail();
  await house.signUp(email);
  expect((await userOf(email))?.roles).toEqual([]);
});

test('an address that has an account is answered alike, and its holder is told by mail', async () => {
  await using house = await aPeople(clone.database);
  const { email, userId } = await house.aPerson();
  const before = await userOf(email);
  const hash = vi.mocked(argon2.hash).mockClear();
  expect(await house.signUp(email, { name: 'A Thief' })).toEqual(await house.signUp(aMail()));
  expect(hash).toHaveBeenCalledTimes(2);
  expect(await userOf(email)).toEqual(before);
  const told = (await house.mailsTo(email)).at(-1);
  expect(told?.subject).toContain('already');
  expect(told?.text).not.toContain('Thief');
  expect(await clone.database.user.count({ where: { id: userId } })).toBe(1);
});

test('where no mail leaves, an account is used at once, a taken address is told, and links are kept for the admin', async () => {
  await using house = await aPeople(clone.database, { mailLeaves: false });
  const email = aMail();
  expect(await house.signUp(email)).toEqual({ status: 'made' });
  await expect(house.signUp(email)).rejects.toMatchObject({ code: 'CONFLICT', details: { reason: 'emailTaken' } });
  expect(await house.signInAs(email)).toMatchObject({ type: 'user', email });
  expect(await clone.database.outboxItem.findMany()).toMatchObject([{ state: 'kept' }]);
});

test('of two who take one address or one user name side by side, one gets it', async () => {
  await using house = await aPeople(clone.database, { mailLeaves: false });
  const [email, userName] = [aMail(), `u${randomUUID().slice(0, 8)}`];
  const sameMail = await Promise.allSettled([house.signUp(email), house.signUp(email)]);
  expect(sameMail.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const names = [userName, userName.toUpperCase()].map((name) => house.signUp(aMail(), { userName: name }));
  const sameName = await Promise.allSettled(names);
  expect(sameName.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(sameName.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'CONFLICT', details: { reason: 'userNameTaken' } },
  });
});

test('a common password, or one of own words, makes no account', async () => {
  await using house = await aPeople(clone.database);
  const input = { email: 'kenji.sato@example.org', name: 'Kenji Sato' };
  const signUp = (password: string) => house.people.signUps.signUp({ ...input, password });
  await expect(signUp('Unbelievable')).rejects.toMatchObject({ code: 'BAD_REQUEST', details: { reason: 'common' } });
  await expect(signUp('kenji.sato-1990')).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    details: { reason: 'ownWords' },
  });
  expect(await userOf(input.email)).toBeNull();
});

test('nobody gives themself what the form does not ask for', async () => {
  await using house = await aPeople(clone.database);
  const email = aMail();
  const more = {
    roles: ['owner'],
    roleIds: ['owner'],
    isOwner: true,
    emailConfirmedAt: new Date(),
    id: randomUUID(),
    lockedAt: null,
  };
  const posted: unknown = { email, password: aPassword, name: 'Aya', ...more };
  await house.people.signUps.signUp(signUpInput.parse(posted));
  expect(await userOf(email)).toMatchObject({ emailConfirmedAt: null, roles: [] });
  // Even where a caller in the house passes on what it was sent.
  const actor = await house.aPerson();
  const patch = {
    name: 'Renamed',
    passwordHash: 'x',
    email: aMail(),
    emailConfirmedAt: null,
    lockedAt: new Date(),
    roles: {},
  };
  expect(profilePatch.parse(patch)).toEqual({ name: 'Renamed' });
  await house.people.profiles.update(actor, patch);
  expect(await userOf(actor.email)).toMatchObject({ name: 'Renamed', email: actor.email, lockedAt: null, roles: [] });
});

test.each(['Aya\r\nBcc: all@example.org', 'Aya\u0000', 'Aya \u202Eevil', ' '])(
  'a name that could begin a header or turn a line is refused: %j',
  (name) => {
    const input = { email: 'aya@example.org', password: aPassword, name };
    expect(signUpInput.safeParse(input).success).toBe(false);
    expect(profilePatch.safeParse({ name }).success).toBe(false);
  },
);

test.each(['aya@example.org\r\nBcc: all@example.org', 'aya@example.org,all@example.org', '<aya@example.org>'])(
  'an address that is more than one is refused: %j',
  (email) => {
    expect(signUpInput.safeParse({ email, password: aPassword, name: 'Aya' }).success).toBe(false);
  },
);

test('a link to confirm is sent again three times an hour at most, and only where one is needed', async () => {
  await using house = await aPeople(clone.database);
  const email = aMail();
  await house.signUp(email);
  await Promise.all(Array.from({ length: 5 }, () => house.people.signUps.resendConfirmation(email)));
  expect(await house.mailsTo(email)).toHaveLength(3);
  house.clock.time += hour;
  await house.people.signUps.resendConfirmation(email);
  expect(await house.mailsTo(email)).toHaveLength(4);
  await house.people.signUps.confirmEmail((await house.linkTo(email)).token);
  await house.people.signUps.resendConfirmation(email);
  await house.people.signUps.resendConfirmation(aMail());
  expect(await house.mailsTo(email)).toHaveLength(4);
});

test('an account whose address nobody confirms is gone after a week, so that nobody holds the address of another', async () => {
  await using house = await aPeople(clone.database);
  const [email, confirmed] = [aMail(), (await house.aPerson()).email];
  await house.signUp(email);
  house.clock.time += 7 * 24 * hour + 1;
  await house.signUp(aMail());
  expect(await userOf(email)).toBeNull();
  expect(await userOf(confirmed)).not.toBeNull();
});

// Passwords

test('a reset link sets the password once, within 30 minutes, and ends every session and token', async () => {
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson();
  const { email, userId } = actor;
  const family = await clone.database.tokenFamily.create({ data: { id: randomUUID(), userId } });
  await house.people.passwords.requestReset(email.toUpperCase());
  const { page, token } = await house.linkTo(email);
  expect(page).toBe('/password-reset');
  await house.people.passwords.reset({ token, password: nextPassword }, house.from);
  expect(await house.identity.actorOf(actor.credential.id)).toEqual({ type: 'anonymous' });
  expect(await clone.database.tokenFamily.findUnique({ where: { id: family.id } })).toMatchObject({
    revokedReason: 'password',
  });
  expect(house.told).toContainEqual({ type: 'session.revoked', sessionId: actor.credential.id, userId });
  expect(house.told).toContainEqual({ type: 'credential.revoked', kind: 'token', id: family.id, userId });
  expect((await house.mailsTo(email)).at(-1)?.subject).toContain('password was changed');
  expect(await clone.database.activityItem.count({ where: { userId, kind: 'password.changed' } })).toBe(1);
  await expect(house.signInAs(email, aPassword)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await house.signInAs(email, nextPassword)).toMatchObject({ userId });
  await expect(house.people.passwords.reset({ token, password: aPassword }, house.from)).rejects.toMatchObject(gone);
});

test('of one reset link that is opened twice side by side, one is taken', async () => {
  await using house = await aPeople(clone.database);
  const { email } = await house.aPerson();
  await house.people.passwords.requestReset(email);
  const { token } = await house.linkTo(email);
  const tries = [nextPassword, `${nextPassword} too`].map((password) =>
    house.people.passwords.reset({ token, password }, house.from),
  );
  expect((await Promise.allSettled(tries)).map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('a link that is over, of another kind or made up opens nothing, and nothing is hashed for it', async () => {
  await using house = await aPeople(clone.database);
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
  await using house = await aPeople(clone.database);
  const { email, userId } = await house.aPerson();
  await house.people.passwords.requestReset(email);
  const { token } = await house.linkTo(email);
  const rows = await clone.database.accountLink.findMany({ where: { userId } });
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(Buffer.from(row.tokenHash).toString('base64url')).not.toBe(token);
  expect(JSON.stringify(await clone.database.outboxItem.findMany({ select: { summary: true } }))).not.toContain(token);
});

test('asking for a reset tells nobody who has an account, and fills no mailbox', async () => {
  await using house = await aPeople(clone.database);
  const { email } = await house.aPerson();
  const before = (await house.mailsTo(email)).length;
  const asked = performance.now();
  await house.people.passwords.requestReset(aMail());
  expect(performance.now() - asked).toBeGreaterThanOrEqual(190);
  await Promise.all(Array.from({ length: 6 }, () => house.people.passwords.requestReset(email)));
  expect(await house.mailsTo(email)).toHaveLength(before + 3);
});

test('a reset confirms the address it went to, and opens the account to its person again after wrong passwords', async () => {
  await using house = await aPeople(clone.database);
  const email = aMail();
  await house.signUp(email);
  for (let count = 0; count < 6; count += 1) await house.signInAs(email, 'wrong all the time').catch(() => undefined);
  await house.people.passwords.requestReset(email);
  await house.people.passwords.reset({ token: (await house.linkTo(email)).token, password: nextPassword }, house.from);
  expect((await userOf(email))?.emailConfirmedAt).not.toBeNull();
  expect(await clone.database.signInFailure.count({ where: { key: `email ${email}` } })).toBe(0);
});

test('a password is changed by the current one, and other devices are signed out', async () => {
  await using house = await aPeople(clone.database);
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
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson();
  await house.people.passwords.change(actor, { next: nextPassword }, house.from);
  expect(await house.signInAs(actor.email, nextPassword)).toMatchObject({ userId: actor.userId });
});

test('keys, narrowed tokens and who views as somebody change nothing about the account, and take none of it along', async () => {
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson();
  const others = [
    { ...actor, credential: { kind: 'key' as const, id: randomUUID() } },
    { ...actor, scope: { permissions: ['*'], objects: null } },
    { ...actor, viewedBy: actor.userId },
  ];
  const { departures, emails, passwords, profiles } = house.people;
  for (const hands of others)
    for (const act of [
      () => passwords.change(hands, { current: aPassword, next: nextPassword }, house.from),
      () => emails.ask(hands, { email: aMail(), proof: { password: aPassword } }, house.from),
      () => departures.delete(hands, { email: actor.email, proof: { password: aPassword } }, house.from),
      () => departures.export(hands),
      () => profiles.update(hands, { name: 'Another' }),
      () => profiles.removePicture(hands),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'ownHands' } });
  expect(await userOf(actor.email)).toMatchObject({ name: 'Aya Tanaka' });
});

test('a reset signs nobody in: a second factor is asked for as before', async () => {
  await using house = await aPeople(clone.database);
  const { email, userId } = await house.aPerson();
  await clone.database.secondFactor.create({
    data: { userId, sealedSecret: Uint8Array.of(1), confirmedAt: new Date() },
  });
  await house.people.passwords.requestReset(email);
  await house.people.passwords.reset({ token: (await house.linkTo(email)).token, password: nextPassword }, house.from);
  await expect(house.signInAs(email, nextPassword)).rejects.toMatchObject({ details: { reason: 'secondFactor' } });
});

test('whoever used an account before its address was proved has no way in beside its holder after a reset', async () => {
  await using house = await aPeople(clone.database, { mailLeaves: false });
  const email = aMail();
  await house.signUp(email);
  const { userId } = await house.signInAs(email);
  const planted = { id: randomUUID(), userId, name: 'planted' };
  await clone.database.passkey.create({
    data: { ...planted, credentialId: randomUUID(), publicKey: Uint8Array.of(1), counter: 0 },
  });
  await clone.database.externalIdentity.create({ data: { issuer: 'https://id.example', subject: email, userId } });
  const key = await clone.database.apiKey.create({
    data: { ...planted, prefix: `sns_${randomUUID().slice(0, 8)}`, secretHash: Uint8Array.of(1), permissions: ['*'] },
  });
  await house.people.passwords.requestReset(email);
  await house.people.passwords.reset({ token: (await house.linkTo(email)).token, password: nextPassword }, house.from);
  expect(await clone.database.passkey.count({ where: { userId } })).toBe(0);
  expect(await clone.database.externalIdentity.count({ where: { userId } })).toBe(0);
  expect((await clone.database.apiKey.findUnique({ where: { id: key.id } }))?.revokedAt).not.toBeNull();
  expect(house.told).toContainEqual({ type: 'credential.revoked', kind: 'key', id: key.id, userId });
});

// The address

test('a change of address that was given up opens by its link no more, and leaves the old one its way back', async () => {
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson();
  const [old, next] = [actor.email, aMail()];
  const { emails, profiles } = house.people;
  await emails.ask(actor, { email: next, proof: {} }, house.from);
  const offered = (await house.linkTo(old)).token;
  const { token } = await house.linkTo(next);
  await emails.cancel(actor);
  expect(await profiles.get(actor)).toMatchObject({ email: old, pendingEmail: null });
  await expect(emails.confirm(token)).rejects.toMatchObject(gone);
  // Nothing waits: giving up once more is no fault.
  await emails.cancel(actor);
  const notOne = { code: 'FORBIDDEN', details: { reason: 'ownHands' } };
  await expect(emails.cancel({ ...actor, viewedBy: actor.userId })).rejects.toMatchObject(notOne);
  expect(await emails.undo(offered)).toHaveProperty('resetToken');
});

test('an address is changed by its new mailbox, both are told, and the old one takes it back within three days', async () => {
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson();
  const [old, next] = [actor.email, aMail()];
  const { emails, passwords, profiles } = house.people;
  await passwords.requestReset(old);
  const earlier = (await house.linkTo(old)).token;
  await emails.ask(actor, { email: next.toUpperCase(), proof: {} }, house.from);
  expect(await profiles.get(actor)).toMatchObject({ email: old, pendingEmail: next });
  expect((await house.linkTo(old)).page).toBe('/undo-new-email');
  const { page, token } = await house.linkTo(next);
  expect(page).toBe('/confirm-new-email');
  await emails.confirm(token);
  await expect(emails.confirm(token)).rejects.toMatchObject(gone);
  expect(await profiles.get(actor)).toMatchObject({ email: next, emailConfirmed: true, pendingEmail: null });
  expect((await house.mailsTo(next)).at(-1)?.subject).toContain('address of your account');
  expect((await house.mailsTo(old)).at(-1)?.text).toContain(next);
  // The old mailbox opens the account no more, but for taking the change back.
  await expect(passwords.reset({ token: earlier, password: nextPassword }, house.from)).rejects.toMatchObject(gone);

  const key = {
    id: randomUUID(),
    userId: actor.userId,
    name: 'left behind',
    prefix: `sns_${randomUUID().slice(0, 8)}`,
  };
  await clone.database.apiKey.create({ data: { ...key, secretHash: Uint8Array.of(1), permissions: ['*'] } });
  const undo = (await house.linkTo(old)).token;
  house.clock.time += 71 * hour;
  const { resetToken } = await emails.undo(undo);
  expect(await userOf(next)).toBeNull();
  expect(await userOf(old)).toMatchObject({ id: actor.userId, passwordHash: null });
  expect(await house.identity.actorOf(actor.credential.id)).toEqual({ type: 'anonymous' });
  expect((await clone.database.apiKey.findUnique({ where: { id: key.id } }))?.revokedAt).not.toBeNull();
  await expect(house.signInAs(old)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await passwords.reset({ token: resetToken, password: nextPassword }, house.from);
  expect(await house.signInAs(old, nextPassword)).toMatchObject({ userId: actor.userId });
});

test('a change that waits is taken back as well, and the link to take it back ends after three days', async () => {
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson();
  const next = aMail();
  const { emails } = house.people;
  await emails.ask(actor, { email: next, proof: {} }, house.from);
  const confirming = (await house.linkTo(next)).token;
  await emails.undo((await house.linkTo(actor.email)).token);
  await expect(emails.confirm(confirming)).rejects.toMatchObject(gone);
  const late = await house.aPerson();
  await emails.ask(late, { email: aMail(), proof: {} }, house.from);
  const undo = (await house.linkTo(late.email)).token;
  house.clock.time += 72 * hour + 1;
  await expect(emails.undo(undo)).rejects.toMatchObject(gone);
});

test('of an address that has an account its holder is told, and the asker learns nothing', async () => {
  await using house = await aPeople(clone.database);
  const [actor, holder] = [await house.aPerson(), await house.aPerson()];
  await house.people.emails.ask(actor, { email: holder.email, proof: {} }, house.from);
  expect(await house.people.profiles.get(actor)).toMatchObject({ pendingEmail: holder.email });
  const told = (await house.mailsTo(holder.email)).at(-1);
  expect(told?.subject).toContain('another account');
  expect(told?.text).not.toContain('#token=');
});

test('an address that somebody else took meanwhile is refused', async () => {
  await using house = await aPeople(clone.database);
  const [actor, next] = [await house.aPerson(), aMail()];
  await house.people.emails.ask(actor, { email: next, proof: {} }, house.from);
  const { token } = await house.linkTo(next);
  await house.signUp(next);
  await expect(house.people.emails.confirm(token)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await userOf(actor.email)).toMatchObject({ id: actor.userId });
});

// The profile

test("a profile is changed field by field; a user name is one person's whatever its case", async () => {
  await using house = await aPeople(clone.database);
  const [actor, other] = [await house.aPerson(), await house.aPerson()];
  const userName = `n${randomUUID().slice(0, 8)}`;
  const patch = { name: '田中 彩', userName, locale: 'ja' as const, timeZone: 'Asia/Tokyo' };
  expect(await house.people.profiles.update(actor, patch)).toMatchObject(patch);
  expect(house.told).toContainEqual({ type: 'user.changed', userId: actor.userId });
  await expect(house.people.profiles.update(other, { userName: userName.toUpperCase() })).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'userNameTaken' },
  });
  // Their own in another case.
  expect(await house.people.profiles.update(actor, { userName: userName.toUpperCase() })).toMatchObject({
    userName: userName.toUpperCase(),
  });
  await house.people.passwords.requestReset(actor.email);
  expect((await house.mailsTo(actor.email)).at(-1)?.subject).toContain('再設定');
});

const aPicture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#804020' } });
const base64 = async (image: Sharp) => (await image.toBuffer()).toString('base64');

test('a picture is drawn anew: upright, 512 × 512, WebP, without what the file said; the one before is gone', async () => {
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson();
  const { pictures, profiles } = house.people;
  const left = {
    input: { create: { width: 40, height: 80, channels: 3 as const, background: '#0000ff' } },
    left: 0,
    top: 0,
  };
  const photo = aPicture(80, 80)
    .composite([left])
    .withExif({ IFD0: { Copyright: 'A secret place' }, IFD3: { GPSLatitude: '35/1 0/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg();
  const { picture } = await profiles.setPicture(actor, await base64(photo));
  const name = picture?.replace('/pictures/', '') ?? '';
  const drawn = await pictures.read(name);
  if (!drawn) throw new Error('the picture is not there');
  const facts = await sharp(drawn).metadata();
  expect(facts).toMatchObject({ format: 'webp', width: 512, height: 512 });
  expect([facts.exif, facts.icc, facts.xmp, facts.orientation]).toEqual([undefined, undefined, undefined, undefined]);
  // Turned clockwise, what was left is on top.
  const { dominant } = await sharp(drawn).extract({ left: 0, top: 0, width: 512, height: 200 }).stats();
  expect(dominant.b).toBeGreaterThan(dominant.r);
  const again = await profiles.setPicture(actor, await base64(aPicture(10, 10).png()));
  expect(again.picture).not.toBe(picture);
  expect(await pictures.read(name)).toBeNull();
  expect(await readdir(join(house.dir, 'pictures'))).toHaveLength(1);
  expect(await profiles.removePicture(actor)).toMatchObject({ picture: null });
  expect(await readdir(join(house.dir, 'pictures'))).toEqual([]);
});

test('what is no picture by its content, is damaged or unpacks to too many pixels is refused, and nothing stays', async () => {
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson();
  const set = (content: string) => house.people.profiles.setPicture(actor, content);
  const refused = (reason: string) => ({ code: 'BAD_REQUEST', details: { reason } });
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>',
  ).toString('base64');
  await expect(set(svg)).rejects.toMatchObject(refused('type'));
  await expect(set(await base64(aPicture(9, 9).gif()))).rejects.toMatchObject(refused('type'));
  await expect(set(Buffer.from('<html>').toString('base64'))).rejects.toMatchObject(refused('type'));
  await expect(set('')).rejects.toMatchObject(refused('type'));
  const whole = Buffer.from(await base64(aPicture(400, 400).png()), 'base64');
  await expect(set(whole.subarray(0, whole.length / 2).toString('base64'))).rejects.toMatchObject(refused('damaged'));
  const bomb = await base64(aPicture(8000, 5001).png({ compressionLevel: 9 }));
  expect(bomb.length).toBeLessThan(1_000_000);
  await expect(set(bomb)).rejects.toMatchObject(refused('pixels'));
  await expect(set(Buffer.alloc(8 * 1024 * 1024 + 1).toString('base64'))).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect((await userOf(actor.email))?.picture).toBeNull();
  expect(await readdir(house.dir)).toEqual([]);
});

test('no more pictures are drawn at once than the memory bears', async () => {
  await using house = await aPeople(clone.database);
  const photo = await base64(aPicture(3000, 2000).jpeg());
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => house.people.pictures.keep(photo)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  for (const outcome of outcomes.filter(({ status }) => status === 'rejected'))
    expect(outcome).toMatchObject({ reason: { code: 'UNAVAILABLE', details: { retryAfterSeconds: 2 } } });
});

test.each(['../secrets/key.webp', '%2e%2e/x', '', 'a.webp', '..'])(
  'no name but that of a picture is looked for on the disk: %j',
  async (name) => {
    await using house = await aPeople(clone.database);
    expect(await house.people.pictures.read(name)).toBeNull();
  },
);

// Going

test("a person takes along all that is kept about them, without secrets and without what is others'", async () => {
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson({ roleId: 'operator' });
  const other = await house.aPerson({ name: 'Somebody Else' });
  const camera = await aSourcesService(clone.database).create(actor, aCameraInput());
  const key = { id: randomUUID(), userId: actor.userId, name: 'a key', prefix: `sns_${randomUUID().slice(0, 8)}` };
  await clone.database.apiKey.create({
    data: { ...key, secretHash: Buffer.from('secret hash'), permissions: ['camera:view'] },
  });
  const entry = {
    at: new Date(),
    outcome: 'done',
    ip: '192.0.2.9',
  };
  const entries = [
    { ...entry, action: 'cameras.create', actorType: 'user', actorId: actor.userId },
    {
      ...entry,
      action: 'users.lock',
      actorType: 'user',
      actorId: other.userId,
      actorName: 'Somebody Else',
      objectType: 'user',
      objectId: actor.userId,
    },
    { ...entry, action: 'cameras.delete', actorType: 'user', actorId: other.userId },
  ];
  await clone.database.auditEntry.createMany({
    data: entries.map((one, at) => Object.assign(one, { prevHash: Uint8Array.of(at), hash: Uint8Array.of(at + 1) })),
  });
  const taken = await house.people.departures.export(actor);
  expect(accountExport.parse(taken)).toMatchObject({
    profile: { id: actor.userId, email: actor.email },
    roles: [{ roleId: 'operator', object: null }],
    sessions: [{ id: actor.credential.id }],
    keys: [{ prefix: key.prefix }],
    cameras: [{ id: camera.id }],
    audit: [
      { action: 'users.lock', ip: null },
      { action: 'cameras.create', ip: '192.0.2.9' },
    ],
  });
  const text = JSON.stringify(taken);
  for (const secret of ['argon2', 'secretHash', 'passwordHash', 'Somebody Else', other.userId])
    expect(text).not.toContain(secret);
});

test('whoever deletes their account is gone at once; their cameras stay, and so does the audit log', async () => {
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson({ roleId: 'operator' });
  const camera = await aSourcesService(clone.database).create(actor, aCameraInput());
  await house.people.profiles.setPicture(actor, await base64(aPicture(20, 20).png()));
  const { userId } = actor;
  const key = { id: randomUUID(), userId, name: 'a key', prefix: `sns_${randomUUID().slice(0, 8)}`, permissions: [] };
  await clone.database.apiKey.create({ data: { ...key, secretHash: Uint8Array.of(1) } });
  const family = await clone.database.tokenFamily.create({ data: { id: randomUUID(), userId } });
  const other = await house.signInAs(actor.email);
  const { departures } = house.people;
  const wrong = departures.delete(actor, { email: aMail(), proof: {} }, house.from);
  await expect(wrong).rejects.toMatchObject({ code: 'BAD_REQUEST', details: { reason: 'otherAddress' } });
  house.clock.time += 11 * minute;
  const unproved = departures.delete(actor, { email: actor.email, proof: {} }, house.from);
  await expect(unproved).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'proof' } });
  await departures.delete(actor, { email: actor.email.toUpperCase(), proof: { password: aPassword } }, house.from);
  for (const { credential } of [actor, other])
    expect(await house.identity.actorOf(credential.id)).toEqual({ type: 'anonymous' });
  for (const told of [
    { type: 'session.revoked', sessionId: other.credential.id, userId },
    { type: 'credential.revoked', kind: 'key', id: key.id, userId },
    { type: 'credential.revoked', kind: 'token', id: family.id, userId },
  ])
    expect(house.told).toContainEqual(told);
  expect(await clone.database.apiKey.count({ where: { id: key.id } })).toBe(0);
  expect(await clone.database.camera.findUnique({ where: { id: camera.id } })).toMatchObject({
    ownerId: null,
    deletedAt: null,
  });
  expect(await readdir(join(house.dir, 'pictures'))).toEqual([]);
  expect((await house.mailsTo(actor.email)).at(-1)?.subject).toContain('deleted');
  await expect(house.signInAs(actor.email)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('the last owner stays, also when the last two go side by side', async () => {
  await using house = await aPeople(clone.database);
  const owners = await Promise.all([house.aPerson({ roleId: 'owner' }), house.aPerson({ roleId: 'owner' })]);
  const leave = (owner: (typeof owners)[number]) =>
    house.people.departures.delete(owner, { email: owner.email, proof: {} }, house.from);
  const outcomes = await Promise.allSettled(owners.map(leave));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'CONFLICT', details: { reason: 'lastOwner' } },
  });
  expect(await clone.database.userRole.count({ where: { roleId: 'owner' } })).toBe(1);
});

// The door

test('the entrance says what is offered', async () => {
  await using open = await aPeople(clone.database, {
    env: { OIDC_ISSUER: 'https://id.example.org', OIDC_NAME: 'Example' },
  });
  expect(await open.people.entrance()).toEqual({
    signUp: 'open',
    oidc: { name: 'Example' },
    passkeys: true,
    mail: true,
  });
  await using plain = await aPeople(clone.database, {
    mailLeaves: false,
    env: { PUBLIC_URL: 'http://cameras.example.org' },
  });
  expect(await plain.people.entrance()).toMatchObject({ oidc: null, passkeys: false, mail: false });
});

const callAs = (people: PeopleService, actor: Context['actor']) => {
  const cookies: AnswerCookie[] = [];
  const noted: AuditNote[] = [];
  const context: Context = {
    actor,
    door: 'http',
    requestId: 'r1',
    ip: '192.0.2.1',
    userAgent: null,
    log: silentLog,
    may: () => false,
    audit: async (note) => void noted.push(note),
    setCookie: (cookie) => void cookies.push(cookie),
  };
  return { caller: createAccountRouter(people).createCaller(context), cookies, noted };
};

test('a guest is given a name, in a cookie of twelve hours, and nothing is kept of them', async () => {
  await using house = await aPeople(clone.database);
  const { caller, cookies } = callAs(house.people, { type: 'anonymous' });
  const { guestId, token } = await caller.enterAsGuest({ name: ' Aya ' });
  expect(cookies).toEqual([{ name: 'sensorium-guest', value: token, path: '/', maxAgeSeconds: 12 * 3600 }]);
  expect(await house.people.guests.read(token)).toEqual({ type: 'guest', guestId, name: 'Aya' });
  await expect(caller.profile()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test('the audit log keeps who left, by id and name, and neither addresses nor secrets', async () => {
  await using house = await aPeople(clone.database);
  const actor = await house.aPerson({ name: 'Who Leaves' });
  const { caller, noted } = callAs(house.people, actor);
  const email = aMail();
  await caller.changePassword({ current: aPassword, next: nextPassword });
  await caller.changeEmail({ email, proof: {} });
  await caller.deleteAccount({ email: actor.email, proof: { password: nextPassword } });
  const object = { type: 'user', id: actor.userId };
  expect(noted.map(({ action }) => action)).toEqual(['changePassword', 'changeEmail', 'deleteAccount']);
  expect(noted.at(-1)).toMatchObject({ outcome: 'done', object, before: { name: 'Who Leaves' } });
  for (const secret of [email, actor.email, aPassword, nextPassword])
    expect(JSON.stringify(noted)).not.toContain(secret);
});
