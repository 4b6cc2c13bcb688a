import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import type { AnswerCookie, AuditNote, Context } from '#server/platform/trpc.ts';
import { silentLog } from '#server/testing/factories.ts';
import { peopleRooms } from '#server/testing/people-rooms.ts';
import { aMail, aPassword, aPeople, nextPassword } from '#server/testing/people.ts';

import { createAccountRouter } from './router.ts';
import type { PeopleService } from './service.ts';

const rooms = peopleRooms();

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

test('keys, narrowed tokens and who views as somebody change nothing about the account, and take none of it along', async () => {
  await using house = await aPeople(rooms.database);
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
  expect(await rooms.userOf(actor.email)).toMatchObject({ name: 'Aya Tanaka' });
});

test('a guest is given a name, in a cookie of twelve hours, and nothing is kept of them', async () => {
  await using house = await aPeople(rooms.database);
  const { caller, cookies } = callAs(house.people, { type: 'anonymous' });
  const { guestId, token } = await caller.enterAsGuest({ name: ' Aya ' });
  expect(cookies).toEqual([{ name: 'sensorium-guest', value: token, path: '/', maxAgeSeconds: 12 * 3600 }]);
  expect(await house.people.guests.read(token)).toEqual({ type: 'guest', guestId, name: 'Aya' });
  await expect(caller.profile()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
});

test('the audit log keeps who left, by id and name, and neither addresses nor secrets', async () => {
  await using house = await aPeople(rooms.database);
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

test('what was done by signing up or by a link is written down as done by whose account it is', async () => {
  await using house = await aPeople(rooms.database);
  const { caller, noted } = callAs(house.people, { type: 'anonymous' });
  const [email, name] = [aMail(), 'Ren Mori'];
  await caller.signUp({ email, password: aPassword, name });
  await caller.confirmEmail({ token: (await house.linkTo(email)).token });
  await caller.requestReset({ email });
  await caller.reset({ token: (await house.linkTo(email)).token, password: nextPassword });
  const person = { id: (await rooms.userOf(email))?.id, name };
  expect(noted.map(({ action, person: by }) => [action, by])).toEqual([
    ['signUp', person],
    ['confirmEmail', person],
    ['requestReset', undefined],
    ['reset', person],
  ]);
});
