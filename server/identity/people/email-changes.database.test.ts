import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { peopleRooms } from '#server/testing/people-rooms.ts';
import { aMail, aPeople, nextPassword } from '#server/testing/people.ts';

const rooms = peopleRooms();
const gone = { code: 'GONE' };
const hour = 3_600_000;

test('a change of address that was given up opens by its link no more, and leaves the old one its way back', async () => {
  await using house = await aPeople(rooms.database);
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
  await using house = await aPeople(rooms.database);
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
  await rooms.database.apiKey.create({ data: { ...key, secretHash: Uint8Array.of(1), permissions: ['*'] } });
  const undo = (await house.linkTo(old)).token;
  house.clock.time += 71 * hour;
  const { resetToken } = await emails.undo(undo);
  expect(await rooms.userOf(next)).toBeNull();
  expect(await rooms.userOf(old)).toMatchObject({ id: actor.userId, passwordHash: null });
  expect(await house.identity.actorOf(actor.credential.id)).toEqual({ type: 'anonymous' });
  expect((await rooms.database.apiKey.findUnique({ where: { id: key.id } }))?.revokedAt).not.toBeNull();
  await expect(house.signInAs(old)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await passwords.reset({ token: resetToken, password: nextPassword }, house.from);
  expect(await house.signInAs(old, nextPassword)).toMatchObject({ userId: actor.userId });
});

test('a change that waits is taken back as well, and the link to take it back ends after three days', async () => {
  await using house = await aPeople(rooms.database);
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
  await using house = await aPeople(rooms.database);
  const [actor, holder] = [await house.aPerson(), await house.aPerson()];
  await house.people.emails.ask(actor, { email: holder.email, proof: {} }, house.from);
  expect(await house.people.profiles.get(actor)).toMatchObject({ pendingEmail: holder.email });
  const told = (await house.mailsTo(holder.email)).at(-1);
  expect(told?.subject).toContain('another account');
  expect(told?.text).not.toContain('#token=');
});

test('an address that somebody else took meanwhile is refused', async () => {
  await using house = await aPeople(rooms.database);
  const [actor, next] = [await house.aPerson(), aMail()];
  await house.people.emails.ask(actor, { email: next, proof: {} }, house.from);
  const { token } = await house.linkTo(next);
  await house.signUp(next);
  await expect(house.people.emails.confirm(token)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await rooms.userOf(actor.email)).toMatchObject({ id: actor.userId });
});
