import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';

import { invitationInput } from '#server/contracts/access.ts';
import { writeSetting } from '#server/platform/settings.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aMail, aPeople } from '#server/testing/people.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
const hour = 3_600_000;
const gone = { code: 'GONE' };
const tokenOf = (link: string) => link.split('#token=')[1] ?? '';
const rolesOf = async (email: string) =>
  (await clone.database.userRole.findMany({ where: { user: { email } } })).map(({ roleId }) => roleId).toSorted();

beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());

async function aHouse() {
  const house = await aPeople(clone.database);
  const admin = await house.aPerson({ roleId: 'admin', name: 'Admin' });
  await writeSetting(clone.database, 'signUp', 'invitation');
  const { invitations } = house.people;
  const invite = async (more: z.input<typeof invitationInput> = {}, actor = admin) => {
    const { invitation, link } = await invitations.create(actor, invitationInput.parse(more));
    return { ...invitation, link, token: tokenOf(link) };
  };
  return { ...house, admin, invitations, invite, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() };
}

test('an invitation lets one person in, with its roles; the link is told once and kept as a hash', async () => {
  await using house = await aHouse();
  const { link, token, id } = await house.invite({ roleIds: ['operator', 'viewer'] });
  expect(link).toBe(`https://cameras.example.org/signup#token=${token}`);
  expect(await house.invitations.look(token)).toMatchObject({ email: null, invitedBy: 'Admin' });
  const email = aMail();
  expect(await house.signUp(email, { invitation: token })).toEqual({ status: 'checkMail' });
  expect(await rolesOf(email)).toEqual(['operator', 'viewer']);
  await expect(house.signUp(aMail(), { invitation: token })).rejects.toMatchObject(gone);
  await expect(house.invitations.look(token)).rejects.toMatchObject(gone);
  const { items } = await house.invitations.list(house.admin, { limit: 1 });
  expect(items).toMatchObject([{ id, state: 'used', createdBy: 'Admin', usedBy: 'Aya Tanaka' }]);
  expect(JSON.stringify(items)).not.toContain(token);
});

test('an invitation to an address is mailed, holds for that address alone, and proves it', async () => {
  await using house = await aHouse();
  const email = aMail();
  const { token } = await house.invite({ email: email.toUpperCase() });
  expect(await house.linkTo(email)).toEqual({ page: '/signup', token });
  await expect(house.signUp(aMail(), { invitation: token })).rejects.toMatchObject({
    code: 'FORBIDDEN',
    details: { reason: 'otherAddress' },
  });
  expect(await house.signUp(email, { invitation: token })).toEqual({ status: 'made' });
  expect(await house.signInAs(email)).toMatchObject({ email });
});

test('of two who take one invitation side by side, one gets in', async () => {
  await using house = await aHouse();
  const { token } = await house.invite();
  const emails = [aMail(), aMail()];
  const outcomes = await Promise.allSettled(emails.map((email) => house.signUp(email, { invitation: token })));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await clone.database.user.count({ where: { email: { in: emails } } })).toBe(1);
});

test('one that was taken back, or whose time is over, lets nobody in', async () => {
  await using house = await aHouse();
  const [revoked, late] = [await house.invite(), await house.invite({ validFor: 2 })];
  await house.invitations.revoke(house.admin, revoked.id);
  await expect(house.invitations.revoke(house.admin, revoked.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  house.clock.time += 2 * hour + 1;
  for (const { token } of [revoked, late])
    await expect(house.signUp(aMail(), { invitation: token })).rejects.toMatchObject(gone);
  const { items } = await house.invitations.list(house.admin, { limit: 2 });
  expect(items.map(({ state }) => state)).toEqual(['expired', 'revoked']);
});

test('where nobody is let in, an invitation does not help', async () => {
  await using house = await aHouse();
  const { token } = await house.invite();
  await writeSetting(clone.database, 'signUp', 'closed');
  await expect(house.signUp(aMail(), { invitation: token })).rejects.toMatchObject({
    code: 'FORBIDDEN',
    details: { reason: 'closed' },
  });
});

test('nobody invites to more than they hold, and owners alone invite owners', async () => {
  await using house = await aHouse();
  const roleId = `r${randomUUID().slice(0, 8)}`;
  const permissions = ['user:admin', 'role:admin', 'camera:view'];
  await clone.database.role.create({ data: { id: roleId, name: 'Front desk', permissions } });
  const desk = await house.aPerson({ roleId });
  await expect(house.invite({ roleIds: ['admin'] }, desk)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(house.invite({ roleIds: ['operator'] }, desk)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(house.invite({ roleIds: ['owner'] })).rejects.toMatchObject({
    code: 'FORBIDDEN',
    details: { reason: 'ownersOnly' },
  });
  await expect(house.invite({ roleIds: ['no-such-role'] })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect(await house.invite({ roleIds: [roleId] }, desk)).toMatchObject({ roleIds: [roleId], state: 'open' });
  const narrowed = { ...house.admin, scope: { permissions: ['user:admin', 'role:admin'], objects: null } };
  await expect(house.invite({ roleIds: ['operator'] }, narrowed)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const viewer = await house.aPerson({ roleId: 'viewer' });
  await expect(house.invite({}, viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(house.invitations.list(viewer, { limit: 5 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('nobody takes back an invitation to more than they hold', async () => {
  await using house = await aHouse();
  const owner = await house.aPerson({ roleId: 'owner' });
  const { id, token } = await house.invite({ roleIds: ['owner'] }, owner);
  await expect(house.invitations.revoke(house.admin, id)).rejects.toMatchObject({ details: { reason: 'ownersOnly' } });
  await house.invitations.revoke(owner, id);
  await expect(house.signUp(aMail(), { invitation: token })).rejects.toMatchObject(gone);
});

test('an invitation is worth nothing once whoever made it may no longer give it', async () => {
  await using house = await aHouse();
  const { token } = await house.invite({ roleIds: ['operator'] });
  await clone.database.user.update({ where: { id: house.admin.userId }, data: { lockedAt: new Date() } });
  await expect(house.signUp(aMail(), { invitation: token })).rejects.toMatchObject(gone);
  await clone.database.user.update({ where: { id: house.admin.userId }, data: { lockedAt: null } });
  await clone.database.userRole.deleteMany({ where: { userId: house.admin.userId } });
  await expect(house.signUp(aMail(), { invitation: token })).rejects.toMatchObject(gone);
});

test('a list goes on where it stopped', async () => {
  await using house = await aHouse();
  const made = [await house.invite(), await house.invite(), await house.invite()];
  const first = await house.invitations.list(house.admin, { limit: 2 });
  const second = await house.invitations.list(house.admin, { limit: 2, cursor: first.nextCursor ?? '' });
  expect([...first.items, ...second.items].slice(0, 3).map(({ id }) => id)).toEqual(
    made.map(({ id }) => id).toReversed(),
  );
});

test('a thousand invitations are open at most, also where several are made side by side', async () => {
  await using house = await aHouse();
  await clone.database.invitation.deleteMany();
  const later = new Date(Date.now() + hour);
  await clone.database.invitation.createMany({
    data: Array.from({ length: 998 }, (_, at) => ({
      id: randomUUID(),
      tokenHash: Uint8Array.from(Buffer.from(`hash ${at}`)),
      roleIds: [],
      createdBy: house.admin.userId,
      expiresAt: later,
    })),
  });
  // Each finds a connection that is open: they are really side by side.
  await Promise.all(Array.from({ length: 5 }, () => clone.database.$queryRaw`SELECT pg_sleep(0.1)::text`));
  const made = await Promise.allSettled(Array.from({ length: 5 }, () => house.invite()));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(made.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'CONFLICT', details: { reason: 'tooMany' } },
  });
  expect(await clone.database.invitation.count()).toBe(1000);
  await clone.database.invitation.deleteMany();
});
