import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { writeSetting } from '#server/platform/settings.ts';
import { entranceRooms } from '#server/testing/entrance-rooms.ts';
import { anArrival, anEntrance, aPerson, rightPassword, userOf } from '#server/testing/entrance.ts';

const rooms = entranceRooms();
const issuer = 'https://login.example';
const aVisit = (overrides: Record<string, unknown> = {}) => ({
  issuer,
  subject: randomUUID(),
  email: `${randomUUID()}@example.org`,
  emailVerified: true,
  name: 'Ren Sato',
  link: null,
  ...overrides,
});

test('who a provider knows by issuer and subject comes in again, whatever their address says by then', async () => {
  await writeSetting(rooms.database, 'signUp', 'open');
  await writeSetting(rooms.database, 'signUpRole', 'viewer');
  const { signIn, identity } = anEntrance(rooms.database);
  const visit = aVisit();
  const first = await signIn.signInByOidc(visit, anArrival());
  expect(first?.user).toMatchObject({ email: visit.email, name: 'Ren Sato', emailConfirmed: true });
  expect(await userOf(identity, first?.sessionId ?? '')).toMatchObject({ isOwner: false });
  const again = await signIn.signInByOidc({ ...visit, email: 'other@example.org', emailVerified: false }, anArrival());
  expect(again?.user.id).toBe(first?.user.id);
  expect(await rooms.database.userRole.findMany({ where: { userId: first?.user.id ?? '' } })).toMatchObject([
    { roleId: 'viewer' },
  ]);
});

test.each([true, false])('an address that has an account takes over nothing (verified: %s)', async (emailVerified) => {
  await writeSetting(rooms.database, 'signUp', 'open');
  const { signIn } = anEntrance(rooms.database);
  const { email, id } = await aPerson(rooms.database);
  await expect(
    signIn.signInByOidc(aVisit({ email: email.toUpperCase(), emailVerified }), anArrival()),
  ).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: emailVerified ? 'linkFirst' : 'emailUnverified' } });
  expect(await rooms.database.externalIdentity.count({ where: { userId: id } })).toBe(0);
});

test.each(['invitation', 'closed'] as const)('no account is made by a provider where sign-up is %s', async (mode) => {
  await writeSetting(rooms.database, 'signUp', mode);
  const { signIn } = anEntrance(rooms.database);
  const visit = aVisit();
  await expect(signIn.signInByOidc(visit, anArrival())).rejects.toMatchObject({ details: { reason: 'signUpClosed' } });
  expect(await rooms.database.user.findUnique({ where: { email: visit.email } })).toBeNull();
});

test('a provider never makes an owner, nor an account without a verified address', async () => {
  await writeSetting(rooms.database, 'signUp', 'open');
  await writeSetting(rooms.database, 'signUpRole', 'owner');
  const { signIn } = anEntrance(rooms.database);
  expect((await signIn.signInByOidc(aVisit(), anArrival()))?.user).toMatchObject({ isOwner: false, permissions: [] });
  for (const visit of [aVisit({ emailVerified: false }), aVisit({ email: null }), aVisit({ email: 'x' })])
    await expect(signIn.signInByOidc(visit, anArrival())).rejects.toMatchObject({
      details: { reason: 'emailUnverified' },
    });
});

test('a provider is linked only by the person who asked for it, while they are signed in, and then opens their account', async () => {
  let time = Date.now();
  const { signIn, identity } = anEntrance(rooms.database, { now: () => new Date(time) });
  const [one, other] = [await aPerson(rooms.database), await aPerson(rooms.database)];
  const enter = async (email: string) =>
    userOf(identity, (await signIn.signIn({ email, password: rightPassword }, anArrival())).sessionId);
  const [actor, stranger] = [await enter(one.email), await enter(other.email)];
  const link = signIn.external.linkCookie(actor).value;
  const visit = aVisit({ link });
  const linkOver = { code: 'FORBIDDEN', details: { reason: 'linkOver' } };
  await expect(signIn.signInByOidc(visit, anArrival())).rejects.toMatchObject(linkOver);
  await expect(signIn.signInByOidc(visit, anArrival({ actor: stranger }))).rejects.toMatchObject(linkOver);
  await expect(signIn.signInByOidc(aVisit({ link: 'made up' }), anArrival({ actor }))).rejects.toMatchObject(linkOver);
  expect(await signIn.signInByOidc(visit, anArrival({ actor }))).toBeNull();
  expect(await signIn.external.list(actor)).toMatchObject([{ issuer, subject: visit.subject }]);
  const entered = await signIn.signInByOidc({ ...visit, link: null }, anArrival());
  expect(entered?.user.id).toBe(one.id);
  const theirs = { ...visit, link: signIn.external.linkCookie(stranger).value };
  await expect(signIn.signInByOidc(theirs, anArrival({ actor: stranger }))).rejects.toMatchObject({
    details: { reason: 'linkedElsewhere' },
  });
  time += 10 * 60_000 + 1;
  await expect(signIn.signInByOidc(aVisit({ link }), anArrival({ actor }))).rejects.toMatchObject(linkOver);
  await signIn.external.unlink(actor, { issuer, subject: visit.subject });
  await expect(signIn.signInByOidc({ ...visit, link: null }, anArrival())).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('a locked person does not come in by a provider', async () => {
  await writeSetting(rooms.database, 'signUp', 'open');
  const { signIn } = anEntrance(rooms.database);
  const visit = aVisit();
  const first = await signIn.signInByOidc(visit, anArrival());
  await rooms.database.user.update({ where: { id: first?.user.id ?? '' }, data: { lockedAt: new Date() } });
  await expect(signIn.signInByOidc(visit, anArrival())).rejects.toMatchObject({ details: { reason: 'locked' } });
});
