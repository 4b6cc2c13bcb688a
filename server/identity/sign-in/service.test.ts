import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';

import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { callContext } from '#server/api/call-context.ts';
import { createActorOf } from '#server/api/request-context.ts';
import { userId } from '#server/contracts/ids.ts';
import { EventBus } from '#server/platform/events.ts';
import { writeSetting } from '#server/platform/settings.ts';
import { router } from '#server/platform/trpc.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { anArrival, anEntrance, aPerson, rightPassword, userOf, wrongPassword } from '#server/testing/entrance.ts';
import { aBus, anActor, silentLog } from '#server/testing/factories.ts';

import { createIdentityRouter, createSessionsRouter } from './router.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;

beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.signInFailure.deleteMany();
  await clone.database.setting.deleteMany();
});

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

test('a session is the signed-in person until it is revoked or expires', async () => {
  let time = Date.now();
  const { signIn, identity } = anEntrance(clone.database, { now: () => new Date(time) });
  const person = await aPerson(clone.database);
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

test('a user name opens as well, whatever its case, and is not a pattern', async () => {
  const { signIn } = anEntrance(clone.database);
  const person = await aPerson(clone.database, { userName: 'Aya_Tanaka' });
  await expect(signIn.signIn({ email: 'aya_tanaka', password: rightPassword }, anArrival())).resolves.toMatchObject({
    user: { id: person.id },
  });
  for (const email of ['aya-tanaka', 'ayaxtanaka', 'aya%', '%'])
    await expect(signIn.signIn({ email, password: rightPassword }, anArrival())).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
});

test('who signed up and never confirmed their address is told what a wrong password is told, where mail leaves the house', async () => {
  const { id, email } = await aPerson(clone.database);
  await clone.database.user.update({ where: { id }, data: { emailConfirmedAt: null } });
  const tell = (mailLeaves: boolean, word: string) =>
    anEntrance(clone.database, { mailLeaves })
      .signIn.signIn({ email, password: word }, anArrival())
      .then(
        () => 'in',
        (error: unknown) => String(error),
      );
  const refused = await tell(true, rightPassword);
  expect(refused).not.toBe('in');
  expect(refused).toBe(await tell(true, 'wrong wrong wrong'));
  // Where no mail leaves, nobody could confirm.
  expect(await tell(false, rightPassword)).toBe('in');
});

test('an unknown name, a wrong password, a person without one and one who is locked are told alike', async () => {
  const { signIn } = anEntrance(clone.database);
  const [known, bare, locked] = [
    await aPerson(clone.database),
    await aPerson(clone.database, { password: null }),
    await aPerson(clone.database),
  ];
  await clone.database.user.update({ where: { id: locked.id }, data: { lockedAt: new Date() } });
  const names = [known.email, bare.email, locked.email, known.userName, 'nobody@example.org', 'nobody'];
  const faults = await Promise.all(
    names.map((email) =>
      signIn
        .signIn({ email, password: wrongPassword }, anArrival())
        .catch((error: unknown) => inspect(error, { showHidden: true }).replaceAll(/^ +at .*$/gm, '')),
    ),
  );
  expect(new Set(faults).size).toBe(1);
  expect(faults[0]).toContain('UNAUTHENTICATED');
  await expect(signIn.signIn({ email: locked.email, password: rightPassword }, anArrival())).rejects.toMatchObject({
    code: 'FORBIDDEN',
    details: { reason: 'locked' },
  });
});

test('how long a refusal takes does not tell who is there', async () => {
  const { signIn } = anEntrance(clone.database);
  const kinds = {
    known: async () => (await aPerson(clone.database)).email,
    bare: async () => (await aPerson(clone.database, { password: null })).email,
    unknown: async () => `${randomUUID()}@example.org`,
  };
  const took = { known: [] as number[], bare: [] as number[], unknown: [] as number[] };
  // In turn, so that whatever else the machine does falls on all alike; the first round warms up.
  for (let round = -1; round < 15; round += 1)
    for (const kind of ['known', 'bare', 'unknown'] as const) {
      const email = await kinds[kind]();
      const before = performance.now();
      await signIn.signIn({ email, password: wrongPassword }, anArrival()).catch(() => null);
      if (round >= 0) took[kind].push(performance.now() - before);
    }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  expect(median(took.unknown) / median(took.known)).toBeGreaterThan(0.4);
  expect(median(took.unknown) / median(took.known)).toBeLessThan(2.5);
  expect(median(took.bare) / median(took.known)).toBeGreaterThan(0.4);
  expect(median(took.bare) / median(took.known)).toBeLessThan(2.5);
}, 60_000);

test('every sign-in makes another session, and ends the one that this browser had', async () => {
  const { signIn, identity } = anEntrance(clone.database);
  const [victim, attacker] = [await aPerson(clone.database), await aPerson(clone.database)];
  const planted = await signIn.signIn({ email: attacker.email, password: rightPassword }, anArrival());
  const actor = await userOf(identity, planted.sessionId);
  const own = await signIn.signIn({ email: victim.email, password: rightPassword }, anArrival({ actor }));
  expect(own.sessionId).not.toBe(planted.sessionId);
  expect(await identity.actorOf(planted.sessionId)).toEqual({ type: 'anonymous' });
  expect(await userOf(identity, own.sessionId)).toMatchObject({ userId: victim.id });
});

test('a browser that was not seen before is told of, the first ever and one that comes back are not', async () => {
  const { signIn } = anEntrance(clone.database);
  const [person, other] = [await aPerson(clone.database), await aPerson(clone.database)];
  const told = () => clone.database.activityItem.findMany({ where: { userId: person.id, kind: 'signIn.newDevice' } });
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
  const mails = await clone.database.outboxItem.findMany({
    where: { summary: { path: ['to'], equals: person.email } },
  });
  expect(mails).toHaveLength(3);
});

test('a locked person is nobody at once, and so is one who is gone', async () => {
  const events = aBus();
  const { signIn, identity } = anEntrance(clone.database, { events });
  const [one, other] = [await aPerson(clone.database), await aPerson(clone.database)];
  const [first, second] = [
    await signIn.signIn({ email: one.email, password: rightPassword }, anArrival()),
    await signIn.signIn({ email: other.email, password: rightPassword }, anArrival()),
  ];
  await userOf(identity, first.sessionId);
  await userOf(identity, second.sessionId);
  await clone.database.user.update({ where: { id: one.id }, data: { lockedAt: new Date() } });
  await clone.database.user.delete({ where: { id: other.id } });
  for (const { id } of [one, other]) events.publish({ type: 'user.changed', userId: userId.parse(id) });
  expect(await identity.actorOf(first.sessionId)).toEqual({ type: 'anonymous' });
  expect(await identity.actorOf(second.sessionId)).toEqual({ type: 'anonymous' });
});

test("a person sees and ends their own sessions, and nobody else's", async () => {
  const { signIn, identity } = anEntrance(clone.database);
  const [one, other] = [await aPerson(clone.database), await aPerson(clone.database)];
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
  const { signIn } = anEntrance(clone.database, { now: () => new Date(time) });
  const { id } = await aPerson(clone.database);
  const open = () => signIn.sessions.open({ userId: id, method: 'password', ip: null, userAgent: null });
  for (let count = 0; count < 52; count += 1) {
    await open();
    time += 1000;
  }
  expect(await signIn.sessions.list(id, null)).toHaveLength(50);
  expect(await clone.database.session.count({ where: { userId: id } })).toBe(52);
  time += 70 * 86_400_000;
  await open();
  expect(await clone.database.session.count({ where: { userId: id } })).toBe(1);
});

test('a proof is fresh for ten minutes, of its own session alone, and no key or token gives one', async () => {
  let time = Date.now();
  const { signIn, identity } = anEntrance(clone.database, { now: () => new Date(time) });
  const { email } = await aPerson(clone.database);
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
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('wrong proofs lock as wrong sign-ins do', async () => {
  const { signIn } = anEntrance(clone.database);
  const person = await aPerson(clone.database);
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
  const { signIn } = anEntrance(clone.database);
  const person = await aPerson(clone.database);
  const from = anArrival({ ip: '192.0.2.77', userAgent: 'a thief' });
  const guess = () => signIn.signIn({ email: person.email, password: wrongPassword }, from).catch(() => null);
  for (let count = 0; count < 8; count += 1) await guess();
  const written = await clone.database.auditEntry.findMany({
    where: { action: 'signIn.refused', ip: '192.0.2.77' },
    orderBy: { seq: 'asc' },
  });
  expect(written).toMatchObject([
    { objectId: person.id, userAgent: 'a thief', outcome: 'refused', details: { reason: 'wrong', tries: 1 } },
    { objectId: null, details: { reason: 'tooMany', account: `email ${person.email}`, tries: 1 } },
  ]);
});

test('who views as somebody else changes nothing of theirs, and can only leave', async () => {
  const { identity, signIn, secondFactor } = anEntrance(clone.database);
  const [person, admin] = [await aPerson(clone.database), await aPerson(clone.database)];
  await clone.database.userRole.create({ data: { id: randomUUID(), userId: admin.id, roleId: 'admin' } });
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
      tokens: { machines: { revokeAll: async () => undefined } },
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
  const { signIn } = anEntrance(clone.database);
  const person = await aPerson(clone.database);
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

test('a cookie of another instance, an altered one and none are nobody', async () => {
  const { signIn, identity } = anEntrance(clone.database);
  const { email, id } = await aPerson(clone.database);
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
  const [hereBus, thereBus] = [1, 2].map(() => new EventBus({ url: clone.url, log: silentLog }));
  if (!hereBus || !thereBus) throw new Error('two were made');
  await Promise.all([hereBus.start(), thereBus.start()]);
  try {
    const [here, there] = [hereBus, thereBus].map((events) => anEntrance(clone.database, { events }));
    if (!here || !there) throw new Error('two were made');
    const { email } = await aPerson(clone.database);
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
    await clone.database.$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
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
  const [here, there] = [anEntrance(clone.database, { now }), anEntrance(clone.database, { now })];
  const { email } = await aPerson(clone.database);
  const { sessionId } = await here.signIn.signIn({ email, password: rightPassword }, anArrival());
  expect(await there.identity.actorOf(sessionId)).toMatchObject({ type: 'user' });
  await here.signIn.signOut(await here.identity.actorOf(sessionId));
  time += 5001;
  expect(await there.identity.actorOf(sessionId)).toEqual({ type: 'anonymous' });
});

test('who a provider knows by issuer and subject comes in again, whatever their address says by then', async () => {
  await writeSetting(clone.database, 'signUp', 'open');
  await writeSetting(clone.database, 'signUpRole', 'viewer');
  const { signIn, identity } = anEntrance(clone.database);
  const visit = aVisit();
  const first = await signIn.signInByOidc(visit, anArrival());
  expect(first?.user).toMatchObject({ email: visit.email, name: 'Ren Sato', emailConfirmed: true });
  expect(await userOf(identity, first?.sessionId ?? '')).toMatchObject({ isOwner: false });
  const again = await signIn.signInByOidc({ ...visit, email: 'other@example.org', emailVerified: false }, anArrival());
  expect(again?.user.id).toBe(first?.user.id);
  expect(await clone.database.userRole.findMany({ where: { userId: first?.user.id ?? '' } })).toMatchObject([
    { roleId: 'viewer' },
  ]);
});

test.each([true, false])('an address that has an account takes over nothing (verified: %s)', async (emailVerified) => {
  await writeSetting(clone.database, 'signUp', 'open');
  const { signIn } = anEntrance(clone.database);
  const { email, id } = await aPerson(clone.database);
  await expect(
    signIn.signInByOidc(aVisit({ email: email.toUpperCase(), emailVerified }), anArrival()),
  ).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: emailVerified ? 'linkFirst' : 'emailUnverified' } });
  expect(await clone.database.externalIdentity.count({ where: { userId: id } })).toBe(0);
});

test.each(['invitation', 'closed'] as const)('no account is made by a provider where sign-up is %s', async (mode) => {
  await writeSetting(clone.database, 'signUp', mode);
  const { signIn } = anEntrance(clone.database);
  const visit = aVisit();
  await expect(signIn.signInByOidc(visit, anArrival())).rejects.toMatchObject({ details: { reason: 'signUpClosed' } });
  expect(await clone.database.user.findUnique({ where: { email: visit.email } })).toBeNull();
});

test('a provider never makes an owner, nor an account without a verified address', async () => {
  await writeSetting(clone.database, 'signUp', 'open');
  await writeSetting(clone.database, 'signUpRole', 'owner');
  const { signIn } = anEntrance(clone.database);
  expect((await signIn.signInByOidc(aVisit(), anArrival()))?.user).toMatchObject({ isOwner: false, permissions: [] });
  for (const visit of [aVisit({ emailVerified: false }), aVisit({ email: null }), aVisit({ email: 'x' })])
    await expect(signIn.signInByOidc(visit, anArrival())).rejects.toMatchObject({
      details: { reason: 'emailUnverified' },
    });
});

test('a provider is linked only by the person who asked for it, while they are signed in, and then opens their account', async () => {
  let time = Date.now();
  const { signIn, identity } = anEntrance(clone.database, { now: () => new Date(time) });
  const [one, other] = [await aPerson(clone.database), await aPerson(clone.database)];
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
  await writeSetting(clone.database, 'signUp', 'open');
  const { signIn } = anEntrance(clone.database);
  const visit = aVisit();
  const first = await signIn.signInByOidc(visit, anArrival());
  await clone.database.user.update({ where: { id: first?.user.id ?? '' }, data: { lockedAt: new Date() } });
  await expect(signIn.signInByOidc(visit, anArrival())).rejects.toMatchObject({ details: { reason: 'locked' } });
});
