import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { callContext } from '#server/api/call-context.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { userId } from '#server/contracts/ids.ts';
import { router } from '#server/platform/trpc.ts';
import { entranceRooms } from '#server/testing/entrance-rooms.ts';
import { anEntrance, aPerson, rightPassword, userOf } from '#server/testing/entrance.ts';
import { anActor, silentLog } from '#server/testing/factories.ts';

import { AuditService } from '../audit/service.ts';
import { createIdentityRouter, createSessionsRouter } from './router.ts';

const rooms = entranceRooms();
const machines = { revokeAll: async () => undefined };

test('who views as somebody else changes nothing of theirs, and can only leave', async () => {
  const { identity, signIn, secondFactor } = anEntrance(rooms.database);
  const [person, admin] = [await aPerson(rooms.database), await aPerson(rooms.database)];
  await rooms.database.userRole.create({ data: { id: randomUUID(), userId: admin.id, roleId: 'admin' } });
  const { sessionId } = await signIn.sessions.open({
    userId: person.id,
    method: 'viewAs',
    ip: null,
    userAgent: null,
    viewedBy: admin.id,
  });
  const actor = await userOf(identity, sessionId);
  expect(actor.viewedBy).toBe(admin.id);
  const context = callContext(
    { identity, audit: { append: async () => undefined } },
    { actor, door: 'http', requestId: 'r', ip: null, userAgent: null, log: silentLog },
  );
  const { identity: own, sessions } = router({
    identity: createIdentityRouter({
      identity,
      signIn,
      secondFactor,
      tokens: { machines },
    }),
    sessions: createSessionsRouter(signIn),
  }).createCaller(context);
  for (const write of [
    () => own.prove({ password: rightPassword }),
    () => own.signOutEverywhere(),
    () => own.totpSetup(),
    () => own.totpConfirm({ code: '123456' }),
    () => own.totpOff({}),
    () => own.recoveryCodes({}),
    () => own.linkExternal(),
    () => sessions.revoke({ id: sessionId }),
    () => sessions.revokeOthers(),
  ])
    await expect(write()).rejects.toMatchObject({ cause: { code: 'FORBIDDEN', details: { reason: 'viewAs' } } });
  expect(await sessions.list()).toMatchObject([{ id: sessionId, method: 'viewAs' }]);
  await own.signOut();
  expect(await identity.actorOf(sessionId)).toEqual({ type: 'anonymous' });
});

test('a key can neither see nor end the sign-ins of its person', async () => {
  const { signIn } = anEntrance(rooms.database);
  const person = await aPerson(rooms.database);
  const actor = anActor({
    userId: userId.parse(person.id),
    credential: { kind: 'key', id: randomUUID() },
    scope: { permissions: ['*'], objects: null },
  });
  const context = callContext(
    { identity: { isAllowed: () => true, isAllowedSomewhere: () => true }, audit: { append: async () => undefined } },
    { actor, door: 'http', requestId: 'r', ip: null, userAgent: null, log: silentLog },
  );
  const sessions = createSessionsRouter(signIn).createCaller(context);
  await expect(sessions.list()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(sessions.revokeOthers()).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('the audit log tells of a sign-in as of the person who came in, whoever this browser was before', async () => {
  const { identity, signIn, secondFactor } = anEntrance(rooms.database);
  const [person, before] = [await aPerson(rooms.database), await aPerson(rooms.database)];
  const audit = new AuditService({ database: rooms.database });
  const enter = async (actor: Actor) => {
    const call = {
      actor,
      door: 'inProcess',
      requestId: randomUUID(),
      ip: '192.0.2.9',
      userAgent: null,
      log: silentLog,
    } as const;
    const { signIn: enterBy } = createIdentityRouter({
      identity,
      signIn,
      secondFactor,
      tokens: { machines },
    }).createCaller(callContext({ identity, audit }, call));
    const { sessionId } = await enterBy({ email: person.email, password: rightPassword });
    const [entry] = (await audit.list(anActor({ isOwner: true }), { limit: 1, objectId: person.id })).items;
    expect(entry).toMatchObject({
      action: 'signIn',
      actor: { type: 'user', id: person.id, name: person.name },
      via: { kind: 'session', id: sessionId },
      object: { type: 'user', id: person.id },
      requestId: call.requestId,
    });
  };
  await enter({ type: 'anonymous' });
  await enter(anActor({ userId: userId.parse(before.id) }));
});

test('who is not signed in and signs out leaves no entry in the audit log, who is signed in does', async () => {
  const { identity, signIn, secondFactor } = anEntrance(rooms.database);
  const person = await aPerson(rooms.database);
  const written: unknown[] = [];
  const audit = {
    append: async (_origin: object, entry: { action: string }) => {
      written.push(entry.action);
    },
  };
  const signOut = async (actor: Actor) => {
    const call = { actor, door: 'http', requestId: 'r', ip: null, userAgent: null, log: silentLog } as const;
    await createIdentityRouter({ identity, signIn, secondFactor, tokens: { machines } })
      .createCaller(callContext({ identity, audit }, call))
      .signOut();
  };
  await signOut({ type: 'anonymous' });
  expect(written).toEqual([]);
  const { sessionId } = await signIn.sessions.open({
    userId: person.id,
    method: 'password',
    ip: null,
    userAgent: null,
  });
  await signOut(await userOf(identity, sessionId));
  expect(written).toEqual(['signOut']);
});
