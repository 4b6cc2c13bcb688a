import { randomUUID } from 'node:crypto';

import * as argon2 from '@node-rs/argon2';
import { expect, test, vi } from 'vitest';

import { profilePatch, signUpInput } from '#server/contracts/account.ts';
import { writeSetting } from '#server/platform/settings.ts';
import { peopleRooms } from '#server/testing/people-rooms.ts';
import { aMail, aPassword, aPeople } from '#server/testing/people.ts';

vi.mock(import('@node-rs/argon2'), { spy: true });

const rooms = peopleRooms();
const gone = { code: 'GONE' };
const hour = 3_600_000;

test('whoever signs up where it is open gets the role of the setting, once the mailed link is opened', async () => {
  await writeSetting(rooms.database, 'signUpRole', 'viewer');
  await using house = await aPeople(rooms.database);
  const email = aMail();
  expect(await house.signUp(email.toUpperCase())).toEqual({ status: 'checkMail' });
  const person = await rooms.userOf(email);
  expect(person).toMatchObject({ emailConfirmedAt: null, name: 'Aya Tanaka' });
  expect(person?.userName).toMatch(/^aya-tanaka-/);
  expect(person?.roles.map(({ roleId }) => roleId)).toEqual(['viewer']);
  expect(person?.passwordHash).toMatch(/^\$argon2id\$/);
  expect(house.told).toContainEqual({ type: 'user.created', userId: person?.id });
  const { page, token } = await house.linkTo(email);
  expect(page).toBe('/confirm-email');
  await house.people.signUps.confirmEmail(token);
  expect((await rooms.userOf(email))?.emailConfirmedAt).not.toBeNull();
  await expect(house.people.signUps.confirmEmail(token)).rejects.toMatchObject(gone);
});

test('where an invitation is asked for, or nobody is let in, nobody makes an account; a hash is not even begun', async () => {
  await using house = await aPeople(rooms.database);
  const hash = vi.mocked(argon2.hash).mockClear();
  for (const mode of ['invitation', 'closed'] as const) {
    await writeSetting(rooms.database, 'signUp', mode);
    const refused = { code: 'FORBIDDEN', details: { reason: mode } };
    await expect(house.signUp(aMail())).rejects.toMatchObject(refused);
  }
  expect(hash).not.toHaveBeenCalled();
});

test('the owner is never made by signing up, whatever the setting says', async () => {
  await writeSetting(rooms.database, 'signUpRole', 'owner');
  await using house = await aPeople(rooms.database);
  const email = aMail();
  await house.signUp(email);
  expect((await rooms.userOf(email))?.roles).toEqual([]);
});

test('an address that has an account is answered alike, and its holder is told by mail', async () => {
  await using house = await aPeople(rooms.database);
  const { email, userId } = await house.aPerson();
  const before = await rooms.userOf(email);
  const hash = vi.mocked(argon2.hash).mockClear();
  expect(await house.signUp(email, { name: 'A Thief' })).toEqual(await house.signUp(aMail()));
  expect(hash).toHaveBeenCalledTimes(2);
  expect(await rooms.userOf(email)).toEqual(before);
  const told = (await house.mailsTo(email)).at(-1);
  expect(told?.subject).toContain('already');
  expect(told?.text).not.toContain('Thief');
  expect(await rooms.database.user.count({ where: { id: userId } })).toBe(1);
});

test('where no mail leaves, an account is used at once, a taken address is told, and links are kept for the admin', async () => {
  await using house = await aPeople(rooms.database, { mailLeaves: false });
  const email = aMail();
  expect(await house.signUp(email)).toEqual({ status: 'made' });
  await expect(house.signUp(email)).rejects.toMatchObject({ code: 'CONFLICT', details: { reason: 'emailTaken' } });
  expect(await house.signInAs(email)).toMatchObject({ type: 'user', email });
  expect(await rooms.database.outboxItem.findMany()).toMatchObject([{ state: 'kept' }]);
});

test('of two who take one address or one user name side by side, one gets it', async () => {
  await using house = await aPeople(rooms.database, { mailLeaves: false });
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
  await using house = await aPeople(rooms.database);
  const input = { email: 'kenji.sato@example.org', name: 'Kenji Sato' };
  const signUp = (password: string) => house.people.signUps.signUp({ ...input, password });
  await expect(signUp('Unbelievable')).rejects.toMatchObject({ code: 'BAD_REQUEST', details: { reason: 'common' } });
  await expect(signUp('kenji.sato-1990')).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    details: { reason: 'ownWords' },
  });
  expect(await rooms.userOf(input.email)).toBeNull();
});

test('nobody gives themself what the form does not ask for', async () => {
  await using house = await aPeople(rooms.database);
  const email = aMail();
  const more = {
    roles: ['owner'],
    roleIds: ['owner'],
    isOwner: true,
    emailConfirmedAt: new Date(),
    id: randomUUID(),
    lockedAt: null,
  };
  const posted = { email, password: aPassword, name: 'Aya', ...more };
  expect(signUpInput.safeParse(posted).success).toBe(false);
  // Even where a caller in the house passes on what it was sent.
  await house.people.signUps.signUp(posted);
  expect(await rooms.userOf(email)).toMatchObject({ emailConfirmedAt: null, roles: [] });
  const actor = await house.aPerson();
  const patch = {
    name: 'Renamed',
    passwordHash: 'x',
    email: aMail(),
    emailConfirmedAt: null,
    lockedAt: new Date(),
    roles: {},
  };
  expect(profilePatch.safeParse(patch).success).toBe(false);
  await house.people.profiles.update(actor, patch);
  expect(await rooms.userOf(actor.email)).toMatchObject({
    name: 'Renamed',
    email: actor.email,
    lockedAt: null,
    roles: [],
  });
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
  await using house = await aPeople(rooms.database);
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
  await using house = await aPeople(rooms.database);
  const [email, confirmed] = [aMail(), (await house.aPerson()).email];
  await house.signUp(email);
  house.clock.time += 7 * 24 * hour + 1;
  await house.signUp(aMail());
  expect(await rooms.userOf(email)).toBeNull();
  expect(await rooms.userOf(confirmed)).not.toBeNull();
});
