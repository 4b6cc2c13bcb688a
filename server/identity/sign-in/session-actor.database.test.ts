import { randomUUID } from 'node:crypto';

import { encode } from 'next-auth/jwt';
import { expect, test, vi } from 'vitest';

import { createActorOf } from '#server/api/request-context.ts';
import { userId } from '#server/contracts/ids.ts';
import { EventBus } from '#server/platform/events.ts';
import { entranceRooms } from '#server/testing/entrance-rooms.ts';
import { anArrival, anEntrance, aPerson, rightPassword, userOf } from '#server/testing/entrance.ts';
import { aBus, silentLog } from '#server/testing/factories.ts';

const rooms = entranceRooms();

test('a session is the signed-in person until it is revoked or expires', async () => {
  let time = Date.now();
  const { signIn, identity } = anEntrance(rooms.database, { now: () => new Date(time) });
  const person = await aPerson(rooms.database);
  const enter = () => signIn.signIn({ email: person.email.toUpperCase(), password: rightPassword }, anArrival());
  const { user, sessionId } = await enter();
  expect(user.id).toBe(person.id);
  const actor = await userOf(identity, sessionId);
  expect(actor).toMatchObject({ userId: person.id, viewedBy: null });
  await signIn.signOut(actor);
  expect(await identity.actorOf(sessionId)).toEqual({ type: 'anonymous' });
  const again = await enter();
  time += 31 * 86_400_000;
  expect(await identity.actorOf(again.sessionId)).toEqual({ type: 'anonymous' });
  expect(await identity.actorOf(randomUUID())).toEqual({ type: 'anonymous' });
});

test('a locked person is nobody at once, and so is one who is gone', async () => {
  const events = aBus();
  const { signIn, identity } = anEntrance(rooms.database, { events });
  const [one, other] = [await aPerson(rooms.database), await aPerson(rooms.database)];
  const [first, second] = [
    await signIn.signIn({ email: one.email, password: rightPassword }, anArrival()),
    await signIn.signIn({ email: other.email, password: rightPassword }, anArrival()),
  ];
  await userOf(identity, first.sessionId);
  await userOf(identity, second.sessionId);
  await rooms.database.user.update({ where: { id: one.id }, data: { lockedAt: new Date() } });
  await rooms.database.user.delete({ where: { id: other.id } });
  for (const { id } of [one, other]) events.publish({ type: 'user.changed', userId: userId.parse(id) });
  expect(await identity.actorOf(first.sessionId)).toEqual({ type: 'anonymous' });
  expect(await identity.actorOf(second.sessionId)).toEqual({ type: 'anonymous' });
});

test('a cookie of another instance, an altered one and none are nobody', async () => {
  const { signIn, identity } = anEntrance(rooms.database);
  const { email, id } = await aPerson(rooms.database);
  const { sessionId } = await signIn.signIn({ email, password: rightPassword }, anArrival());
  const secret = 'the secret of this instance';
  const ours = await encode({ token: { sid: sessionId }, secret });
  const actorOf = createActorOf({
    tls: false,
    identity,
    tokens: { actorOfToken: async () => null },
    readGuest: async () => null,
    access: { views: { actorOf: async (admin) => admin } },
    secret,
  });
  const whoIs = (token: string) =>
    actorOf({ authorization: null, apiKey: null, cookie: `next-auth.session-token=${token}`, ip: null });
  expect(await whoIs(ours)).toMatchObject({ type: 'user', userId: id });
  const theirs = await encode({ token: { sid: sessionId }, secret: 'the secret of another instance' });
  for (const token of [theirs, `${ours.slice(0, -4)}AAAA`, sessionId, ''])
    expect(await whoIs(token)).toEqual({ type: 'anonymous' });
});

test('a revoked session is forgotten at once where the bus reaches, also after the bus lost the database', async () => {
  const [hereBus, thereBus] = [1, 2].map(() => new EventBus({ url: rooms.url, log: silentLog }));
  if (!hereBus || !thereBus) throw new Error('two were made');
  await Promise.all([hereBus.start(), thereBus.start()]);
  try {
    const [here, there] = [hereBus, thereBus].map((events) => anEntrance(rooms.database, { events }));
    if (!here || !there) throw new Error('two were made');
    const { email } = await aPerson(rooms.database);
    const revokeOne = async () => {
      const { sessionId } = await here.signIn.signIn({ email, password: rightPassword }, anArrival());
      expect(await there.identity.actorOf(sessionId)).toMatchObject({ type: 'user' });
      await here.signIn.signOut(await here.identity.actorOf(sessionId));
      // Sooner than the 5 s after which it would be asked for anyhow.
      await vi.waitFor(
        async () => expect(await there.identity.actorOf(sessionId)).toEqual({ type: 'anonymous' }),
        4000,
      );
    };
    await revokeOne();
    const gaps = [hereBus, thereBus].map((bus) => new Promise<void>((resolve) => void bus.onGap(resolve)));
    await rooms.database.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'sensorium events'`;
    await Promise.all(gaps);
    await revokeOne();
  } finally {
    await Promise.all([hereBus.close(), thereBus.close()]);
  }
});

test('another process forgets a revoked session within 5 s even when the bus is silent', async () => {
  let time = Date.now();
  const now = () => new Date(time);
  const [here, there] = [anEntrance(rooms.database, { now }), anEntrance(rooms.database, { now })];
  const { email } = await aPerson(rooms.database);
  const { sessionId } = await here.signIn.signIn({ email, password: rightPassword }, anArrival());
  expect(await there.identity.actorOf(sessionId)).toMatchObject({ type: 'user' });
  await here.signIn.signOut(await here.identity.actorOf(sessionId));
  time += 5001;
  expect(await there.identity.actorOf(sessionId)).toEqual({ type: 'anonymous' });
});
