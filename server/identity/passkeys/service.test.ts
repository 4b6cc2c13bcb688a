import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { userId } from '#server/contracts/ids.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { anArrival, anEntrance, aPerson, userOf } from '#server/testing/entrance.ts';
import { anActor } from '#server/testing/factories.ts';
import { SoftwareAuthenticator } from '#server/testing/software-authenticator.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
const rpId = 'localhost';
const origin = 'http://localhost:3000';
const creation = z.object({
  challenge: z.string(),
  user: z.object({ id: z.string() }),
  excludeCredentials: z.array(z.object({ id: z.string() })),
  authenticatorSelection: z.object({ residentKey: z.string(), userVerification: z.string() }),
});
const asked = z.object({ challenge: z.string(), userVerification: z.string() });

beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());

async function withPasskey(options: Parameters<typeof anEntrance>[1] = {}) {
  const entrance = anEntrance(clone.database, options);
  const person = await aPerson(clone.database, { password: null });
  const actor = anActor({ userId: userId.parse(person.id), email: person.email });
  const device = new SoftwareAuthenticator();
  const given = await entrance.passkeys.registrationOptions(actor);
  const { challenge, user } = creation.parse(given.options);
  const response = device.register({ challenge, rpId, origin, userHandle: user.id });
  const view = await entrance.passkeys.register(actor, { challengeId: given.challengeId, response, name: 'Laptop' });
  const ask = async () => {
    const { challengeId, options: sent } = await entrance.passkeys.signInOptions();
    return { challengeId, challenge: asked.parse(sent).challenge };
  };
  const enter = async (more: { rpId?: string; origin?: string; userVerified?: boolean } = {}) => {
    const { challengeId, challenge: toSign } = await ask();
    const answer = device.answer({ challenge: toSign, rpId, origin, ...more });
    return entrance.signIn.signInByPasskey({ challengeId, response: answer }, anArrival());
  };
  return { ...entrance, person, actor, device, view, ask, enter };
}

test('a registered passkey signs its person in, with no password and no name', async () => {
  const { enter, identity, person, passkeys, actor } = await withPasskey();
  const { user, sessionId } = await enter();
  expect(user.id).toBe(person.id);
  expect(await userOf(identity, sessionId)).toMatchObject({ userId: person.id });
  const [session] = await clone.database.session.findMany({ where: { userId: person.id } });
  expect(session?.method).toBe('passkey');
  const [listed] = await passkeys.list(actor);
  expect(listed?.name).toBe('Laptop');
  expect(listed?.lastUsedAt).toMatch(/Z$/);
  await expect(enter()).resolves.toMatchObject({ user: { id: person.id } });
});

test('it is asked to be discoverable and to look at who is there, and the same device is not asked twice', async () => {
  const { passkeys, actor, device } = await withPasskey();
  const { options } = await passkeys.registrationOptions(actor);
  expect(creation.parse(options)).toMatchObject({
    excludeCredentials: [{ id: device.credentialId }],
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  expect(asked.parse((await passkeys.signInOptions()).options).userVerification).toBe('required');
});

test('an answer works once', async () => {
  const { ask, device, signIn } = await withPasskey();
  const { challengeId, challenge } = await ask();
  const response = device.answer({ challenge, rpId, origin });
  await expect(signIn.signInByPasskey({ challengeId, response }, anArrival())).resolves.toBeDefined();
  await expect(signIn.signInByPasskey({ challengeId, response }, anArrival())).rejects.toMatchObject({ code: 'GONE' });
  const other = await ask();
  await expect(signIn.signInByPasskey({ challengeId: other.challengeId, response }, anArrival())).rejects.toMatchObject(
    {
      code: 'UNAUTHENTICATED',
    },
  );
});

test('a challenge is over after five minutes', async () => {
  let ms = Date.now();
  const { ask, device, signIn } = await withPasskey({ now: () => new Date(ms) });
  const { challengeId, challenge } = await ask();
  ms += 5 * 60_000 + 1;
  const response = device.answer({ challenge, rpId, origin });
  await expect(signIn.signInByPasskey({ challengeId, response }, anArrival())).rejects.toMatchObject({ code: 'GONE' });
});

test.each([
  ['of another site', { origin: 'https://evil.example' }],
  ['of a name that only begins like ours', { origin: 'http://localhost.evil.example' }],
  ['made for another site', { rpId: 'evil.example' }],
  ['without a look at who is there', { userVerified: false }],
])('an answer %s is refused', async (_what, more) => {
  const { enter } = await withPasskey();
  await expect(enter(more)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('on localhost any port is ours; with a public address that address alone', async () => {
  const local = await withPasskey();
  await expect(local.enter({ origin: 'http://localhost:8080' })).resolves.toBeDefined();
  const away = anEntrance(clone.database, { publicUrl: 'https://eye.example' });
  const { challengeId, options } = await away.passkeys.signInOptions();
  const { challenge } = asked.parse(options);
  const response = local.device.answer({ challenge, rpId, origin });
  await expect(away.signIn.signInByPasskey({ challengeId, response }, anArrival())).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test('a device whose counter goes back is a copy and is refused', async () => {
  const { enter, device } = await withPasskey();
  await enter();
  await enter();
  device.counter = 0;
  await expect(enter()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a key of another device, a damaged answer and an unknown credential are refused', async () => {
  const { ask, device, signIn } = await withPasskey();
  const thief = new SoftwareAuthenticator();
  Object.assign(thief, { credentialId: device.credentialId, userHandle: device.userHandle, counter: 50 });
  for (const [who, damage] of [
    [thief, {}],
    [new SoftwareAuthenticator(), {}],
    [device, { response: { clientDataJSON: 'x' } }],
    [device, { id: 7 }],
  ] as const) {
    const { challengeId, challenge } = await ask();
    const response = { ...who.answer({ challenge, rpId, origin }), ...damage };
    await expect(signIn.signInByPasskey({ challengeId, response }, anArrival())).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  }
});

test('a person who is locked is told so, and gets no session', async () => {
  const { enter, person } = await withPasskey();
  await clone.database.user.update({ where: { id: person.id }, data: { lockedAt: new Date() } });
  await expect(enter()).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'locked' } });
  expect(await clone.database.session.count({ where: { userId: person.id } })).toBe(0);
});

test('a challenge for one person is of no use to another', async () => {
  const [one, other] = [await withPasskey(), await withPasskey()];
  const { challengeId, options } = await one.passkeys.registrationOptions(one.actor);
  const { challenge, user } = creation.parse(options);
  const response = new SoftwareAuthenticator().register({ challenge, rpId, origin, userHandle: user.id });
  await expect(one.passkeys.register(other.actor, { challengeId, response, name: 'x' })).rejects.toMatchObject({
    code: 'GONE',
  });
  const proof = await one.passkeys.proofOptions(one.actor);
  const answer = other.device.answer({ challenge: asked.parse(proof.options).challenge, rpId, origin });
  expect(
    await one.passkeys.whoAnswered({ challengeId: proof.challengeId, response: answer }, one.person.id),
  ).toBeNull();
});

test('the same credential is not registered for two people', async () => {
  const [one, other] = [await withPasskey(), await withPasskey()];
  const { challengeId, options } = await other.passkeys.registrationOptions(other.actor);
  const { challenge, user } = creation.parse(options);
  const response = one.device.register({ challenge, rpId, origin, userHandle: user.id });
  await expect(other.passkeys.register(other.actor, { challengeId, response, name: 'x' })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

test('only its own person renames and removes a passkey, and a removed one opens nothing', async () => {
  const [one, other] = [await withPasskey(), await withPasskey()];
  await expect(other.passkeys.rename(other.actor, { id: one.view.id, name: 'Mine' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(other.passkeys.remove(other.actor, one.view.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await one.passkeys.rename(one.actor, { id: one.view.id, name: 'Phone' });
  expect(await one.passkeys.list(one.actor)).toMatchObject([{ name: 'Phone' }]);
  await one.passkeys.remove(one.actor, one.view.id);
  await expect(one.enter()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('it is a fresh proof for its own session', async () => {
  let ms = Date.now();
  const { enter, identity, signIn, passkeys, device } = await withPasskey({ now: () => new Date(ms) });
  const actor = await userOf(identity, (await enter()).sessionId);
  ms += 11 * 60_000;
  await expect(signIn.requireProof(actor)).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'proof' } });
  const { challengeId, options } = await passkeys.proofOptions(actor);
  const response = device.answer({ challenge: asked.parse(options).challenge, rpId, origin });
  await signIn.prove(actor, { passkey: { challengeId, response } }, { ip: null });
  await expect(signIn.requireProof(actor)).resolves.toBeUndefined();
});

test('challenges that nobody answers do not pile up', async () => {
  let ms = Date.now();
  const { passkeys } = anEntrance(clone.database, { now: () => new Date(ms) });
  const stale = randomUUID();
  await clone.database.passkeyChallenge.create({ data: { id: stale, challenge: 'x', expiresAt: new Date(ms - 1) } });
  await passkeys.signInOptions();
  expect(await clone.database.passkeyChallenge.findUnique({ where: { id: stale } })).toBeNull();
  ms += 1;
});

test('a person has twenty passkeys at most, also where devices are added side by side', async () => {
  const { passkeys, actor } = await withPasskey();
  const one = () => ({ id: randomUUID(), userId: actor.userId, name: 'x', counter: 0, credentialId: randomUUID() });
  await clone.database.passkey.createMany({
    data: Array.from({ length: 17 }, () => ({ ...one(), publicKey: Uint8Array.of(1) })),
  });
  const asking = Array.from({ length: 4 }, () => passkeys.registrationOptions(actor));
  const added = await Promise.allSettled(
    (await Promise.all(asking)).map(({ challengeId, options }) => {
      const { challenge, user } = creation.parse(options);
      const response = new SoftwareAuthenticator().register({ challenge, rpId, origin, userHandle: user.id });
      return passkeys.register(actor, { challengeId, response, name: 'Another' });
    }),
  );
  expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(await passkeys.list(actor)).toHaveLength(20);
  await expect(passkeys.registrationOptions(actor)).rejects.toMatchObject({ code: 'CONFLICT' });
});
