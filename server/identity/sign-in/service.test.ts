import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { userId } from '#server/contracts/ids.ts';
import { entranceRooms } from '#server/testing/entrance-rooms.ts';
import { anArrival, anEntrance, aPerson, rightPassword, userOf, wrongPassword } from '#server/testing/entrance.ts';
import { anActor } from '#server/testing/factories.ts';

const rooms = entranceRooms();

test('every sign-in makes another session, and ends the one that this browser had', async () => {
  const { signIn, identity } = anEntrance(rooms.database);
  const [victim, attacker] = [await aPerson(rooms.database), await aPerson(rooms.database)];
  const planted = await signIn.signIn({ email: attacker.email, password: rightPassword }, anArrival());
  const actor = await userOf(identity, planted.sessionId);
  const own = await signIn.signIn({ email: victim.email, password: rightPassword }, anArrival({ actor }));
  expect(own.sessionId).not.toBe(planted.sessionId);
  expect(await identity.actorOf(planted.sessionId)).toEqual({ type: 'anonymous' });
  expect(await userOf(identity, own.sessionId)).toMatchObject({ userId: victim.id });
});

test('a proof is fresh for ten minutes, of its own session alone, and no key or token gives one', async () => {
  let time = Date.now();
  const { signIn, identity } = anEntrance(rooms.database, { now: () => new Date(time) });
  const { email } = await aPerson(rooms.database);
  const enter = async () => {
    const { sessionId } = await signIn.signIn({ email, password: rightPassword }, anArrival());
    return userOf(identity, sessionId);
  };
  const [here, there] = [await enter(), await enter()];
  await expect(signIn.requireProof(here)).resolves.toBeUndefined();
  time += 10 * 60_000 + 1;
  await expect(signIn.requireProof(here)).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'proof' } });
  await expect(signIn.prove(here, { password: wrongPassword }, { ip: null })).rejects.toMatchObject({
    code: 'FORBIDDEN',
    details: { reason: 'wrongPassword' },
  });
  await expect(signIn.prove(here, { code: '123456' }, { ip: null })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await signIn.prove(here, { password: rightPassword }, { ip: null });
  await expect(signIn.requireProof(here)).resolves.toBeUndefined();
  await expect(signIn.requireProof(there)).rejects.toMatchObject({ details: { reason: 'proof' } });
  await expect(signIn.requireProof(there, { password: rightPassword })).resolves.toBeUndefined();
  for (const kind of ['key', 'token'] as const)
    await expect(
      signIn.requireProof({ ...here, credential: { kind, id: randomUUID() } }, { password: rightPassword }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'ownHands' } });
});

test('wrong proofs lock as wrong sign-ins do', async () => {
  const { signIn } = anEntrance(rooms.database);
  const person = await aPerson(rooms.database);
  const actor = anActor({ userId: userId.parse(person.id), email: person.email });
  for (let count = 0; count < 5; count += 1)
    await expect(signIn.prove(actor, { password: wrongPassword }, { ip: null })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  await expect(signIn.signIn({ email: person.email, password: rightPassword }, anArrival())).rejects.toMatchObject({
    code: 'TOO_MANY_REQUESTS',
  });
});

test('refused sign-ins stand in the audit log, by password, code and lock', async () => {
  const { signIn } = anEntrance(rooms.database);
  const person = await aPerson(rooms.database);
  const from = anArrival({ ip: '192.0.2.77', userAgent: 'a thief' });
  const guess = () => signIn.signIn({ email: person.email, password: wrongPassword }, from).catch(() => null);
  for (let count = 0; count < 8; count += 1) await guess();
  const written = await rooms.database.auditEntry.findMany({
    where: { action: 'signIn.refused', ip: '192.0.2.77' },
    orderBy: { seq: 'asc' },
  });
  expect(written).toMatchObject([
    {
      actorType: 'anonymous',
      actorName: person.name,
      objectId: person.id,
      userAgent: 'a thief',
      outcome: 'refused',
      details: { reason: 'wrong', tries: 1 },
    },
    {
      actorId: null,
      actorName: person.name,
      objectId: person.id,
      details: { reason: 'tooMany', account: `email ${person.email}`, tries: 1 },
    },
  ]);
});

test('who looks at the house as somebody else and signs in leaves neither the look nor their own session behind', async () => {
  const { identity, signIn } = anEntrance(rooms.database);
  const [admin, viewed, next] = await Promise.all([1, 2, 3].map(() => aPerson(rooms.database)));
  if (!admin || !viewed || !next) throw new Error('nobody was made');
  await rooms.database.userRole.create({ data: { id: randomUUID(), userId: admin.id, roleId: 'admin' } });
  const own = await signIn.signIn({ email: admin.email, password: rightPassword }, anArrival());
  const look = { userId: viewed.id, method: 'viewAs', viewedBy: admin.id, ip: null, userAgent: null };
  const { sessionId: lookId } = await signIn.sessions.open(look);
  expect(await userOf(identity, lookId)).toMatchObject({ userId: viewed.id });
  // The pages leave the look's cookie out.
  const actor = await userOf(identity, own.sessionId);
  const entered = await signIn.signIn({ email: next.email, password: rightPassword }, anArrival({ actor }));
  for (const id of [own.sessionId, lookId]) expect(await identity.actorOf(id)).toEqual({ type: 'anonymous' });
  expect(await userOf(identity, entered.sessionId)).toMatchObject({ userId: next.id });
});
