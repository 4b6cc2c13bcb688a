import { expect, test } from 'vitest';

import { entranceRooms } from '#server/testing/entrance-rooms.ts';
import { anArrival, anEntrance, aPerson, rightPassword, userOf } from '#server/testing/entrance.ts';

const rooms = entranceRooms();

test('a browser that was not seen before is told of, the first ever and one that comes back are not', async () => {
  const { signIn } = anEntrance(rooms.database);
  const [person, other] = [await aPerson(rooms.database), await aPerson(rooms.database)];
  const told = () => rooms.database.activityItem.findMany({ where: { userId: person.id, kind: 'signIn.newDevice' } });
  const enter = async (device?: string, email = person.email) =>
    (await signIn.signIn({ email, password: rightPassword }, anArrival({ device }))).device;
  const first = await enter();
  expect(await told()).toHaveLength(0);
  const shared = await enter(first, other.email);
  await enter(shared);
  expect(await told()).toHaveLength(0);
  await enter();
  expect(await told()).toMatchObject([{ data: { device: 'Firefox 140 · Linux' } }]);
  await enter('made up');
  await enter(await enter(undefined, other.email));
  expect(await told()).toHaveLength(3);
  const mails = await rooms.database.outboxItem.findMany({
    where: { summary: { path: ['to'], equals: person.email } },
  });
  expect(mails).toHaveLength(3);
});

test("a person sees and ends their own sessions, and nobody else's", async () => {
  const { signIn, identity } = anEntrance(rooms.database);
  const [one, other] = [await aPerson(rooms.database), await aPerson(rooms.database)];
  const enter = (email: string) => signIn.signIn({ email, password: rightPassword }, anArrival());
  const [here, there, foreign] = [await enter(one.email), await enter(one.email), await enter(other.email)];
  const listed = await signIn.sessions.list(one.id, here.sessionId);
  expect(listed.map(({ id, current, device }) => ({ id, current, device }))).toEqual([
    { id: there.sessionId, current: false, device: 'Firefox 140 · Linux' },
    { id: here.sessionId, current: true, device: 'Firefox 140 · Linux' },
  ]);
  await expect(signIn.sessions.revoke(one.id, foreign.sessionId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await signIn.sessions.revoke(one.id, there.sessionId);
  expect(await identity.actorOf(there.sessionId)).toEqual({ type: 'anonymous' });
  const third = await enter(one.email);
  expect(await signIn.sessions.revokeAll(one.id, { keep: third.sessionId })).toBe(1);
  expect(await identity.actorOf(here.sessionId)).toEqual({ type: 'anonymous' });
  expect(await signIn.sessions.revokeAll(one.id)).toBe(1);
  await userOf(identity, foreign.sessionId);
});

test('of many sign-ins the oldest end, and ended ones do not pile up', async () => {
  let time = Date.now();
  const { signIn } = anEntrance(rooms.database, { now: () => new Date(time) });
  const { id } = await aPerson(rooms.database);
  const open = () => signIn.sessions.open({ userId: id, method: 'password', ip: null, userAgent: null });
  for (let count = 0; count < 52; count += 1) {
    await open();
    time += 1000;
  }
  expect(await signIn.sessions.list(id, null)).toHaveLength(50);
  expect(await rooms.database.session.count({ where: { userId: id } })).toBe(52);
  time += 70 * 86_400_000;
  await open();
  expect(await rooms.database.session.count({ where: { userId: id } })).toBe(1);
});
