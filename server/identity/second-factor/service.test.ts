import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { UserActor } from '#server/contracts/identity.ts';
import { userId } from '#server/contracts/ids.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { anArrival, anEntrance, aPerson, rightPassword, wrongPassword } from '#server/testing/entrance.ts';
import { anActor } from '#server/testing/factories.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;

beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());

const codeOf = (secret: string, timestamp: number) => TOTP.generate({ secret: Secret.fromBase32(secret), timestamp });

/** Somebody with a second factor in force; the clock stands still until it is moved. */
async function withFactor() {
  const clock = { ms: Date.now() };
  const entrance = anEntrance(clone.database, { now: () => new Date(clock.ms) });
  const person = await aPerson(clone.database);
  const actor: UserActor = anActor({ userId: userId.parse(person.id), email: person.email });
  const { secret } = await entrance.secondFactor.setup(actor);
  const codes = await entrance.secondFactor.confirm(actor, codeOf(secret, clock.ms));
  clock.ms += 30_000;
  const enter = (code?: string, password = rightPassword) =>
    entrance.signIn.signIn({ email: person.email, password, ...(code !== undefined && { code }) }, anArrival());
  return { ...entrance, clock, person, actor, secret, codes, enter, now: () => codeOf(secret, clock.ms) };
}

test('it is in force only once a code of it was given, and the secret is kept sealed', async () => {
  const { secondFactor, signIn } = anEntrance(clone.database);
  const person = await aPerson(clone.database);
  const actor = anActor({ userId: userId.parse(person.id), email: person.email });
  const { secret, uri } = await secondFactor.setup(actor);
  expect(Object.fromEntries(new URL(uri).searchParams)).toMatchObject({ secret, issuer: 'Sensorium', period: '30' });
  await expect(secondFactor.confirm(actor, '000000')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect(await secondFactor.state(person.id)).toEqual({ on: false, recoveryCodesLeft: 0 });
  await expect(signIn.signIn({ email: person.email, password: rightPassword }, anArrival())).resolves.toBeDefined();
  await secondFactor.confirm(actor, codeOf(secret, Date.now()));
  expect(await secondFactor.state(person.id)).toEqual({ on: true, recoveryCodesLeft: 10 });
  const row = await clone.database.secondFactor.findUniqueOrThrow({ where: { userId: person.id } });
  expect(Buffer.from(row.sealedSecret).toString('latin1')).not.toContain(secret);
  await expect(secondFactor.setup(actor)).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('a set-up that was left for half an hour is over', async () => {
  let ms = Date.now();
  const { secondFactor } = anEntrance(clone.database, { now: () => new Date(ms) });
  const person = await aPerson(clone.database);
  const actor = anActor({ userId: userId.parse(person.id), email: person.email });
  const { secret } = await secondFactor.setup(actor);
  ms += 31 * 60_000;
  await expect(secondFactor.confirm(actor, codeOf(secret, ms))).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('with the right password the code is asked for, and asking counts as no failure', async () => {
  const { enter, person, now } = await withFactor();
  for (let count = 0; count < 8; count += 1)
    await expect(enter()).rejects.toMatchObject({ code: 'UNAUTHENTICATED', details: { reason: 'secondFactor' } });
  const rows = await clone.database.signInFailure.findMany({
    where: { key: `email ${person.email}`, failures: { gt: 0 } },
  });
  expect(rows).toEqual([]);
  await expect(enter(now())).resolves.toMatchObject({ user: { id: person.id } });
  const [session] = await clone.database.session.findMany({ where: { userId: person.id } });
  expect(session?.method).toBe('password+totp');
});

test('a wrong password is told alike, code or not', async () => {
  const { enter, now } = await withFactor();
  const faults = await Promise.all(
    [enter(undefined, wrongPassword), enter(now(), wrongPassword)].map((try_) => try_.catch(String)),
  );
  expect(faults[0]).toBe(faults[1]);
  expect(faults[0]).not.toContain('second');
});

test('wrong codes count as failures until the account waits', async () => {
  const { enter } = await withFactor();
  for (let count = 0; count < 5; count += 1)
    await expect(enter('000000')).rejects.toMatchObject({ details: { reason: 'wrongCode' } });
  await expect(enter('000000')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
});

test('a code works once, also when it is sent twice at the same time', async () => {
  const { enter, now } = await withFactor();
  const outcomes = await Promise.allSettled([enter(now()), enter(now()), enter(now())]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await expect(enter(now())).rejects.toMatchObject({ details: { reason: 'wrongCode' } });
});

test('the code that put it in force is used up', async () => {
  const { enter, secret, clock } = await withFactor();
  await expect(enter(codeOf(secret, clock.ms - 30_000))).rejects.toMatchObject({ details: { reason: 'wrongCode' } });
});

test('a clock may be one step off and no more, and an earlier step is over once a later one was used', async () => {
  const { secondFactor, secret, clock, person } = await withFactor();
  clock.ms += 600_000;
  const accept = (offset: number) => secondFactor.accept(person.id, codeOf(secret, clock.ms + offset * 30_000));
  expect(await accept(-2)).toBeNull();
  expect(await accept(2)).toBeNull();
  expect(await accept(-1)).toBe('totp');
  expect(await accept(1)).toBe('totp');
  expect(await accept(0)).toBeNull();
});

test('a recovery code works once in any spelling, is kept as a hash, and is of its person alone', async () => {
  const { enter, codes, secondFactor, person } = await withFactor();
  const other = await withFactor();
  const [code = '', second = ''] = codes;
  expect(new Set(codes).size).toBe(10);
  const rows = await clone.database.recoveryCode.findMany({ where: { userId: person.id } });
  expect(rows.map(({ codeHash }) => Buffer.from(codeHash).toString('latin1')).join()).not.toContain(code);
  await expect(other.enter(code)).rejects.toMatchObject({ details: { reason: 'wrongCode' } });
  await expect(enter(code.toLowerCase().replaceAll('-', ' ').slice(0, 20))).resolves.toMatchObject({
    user: { id: person.id },
  });
  await expect(enter(code)).rejects.toMatchObject({ details: { reason: 'wrongCode' } });
  expect(await secondFactor.state(person.id)).toMatchObject({ recoveryCodesLeft: 9 });
  const atOnce = await Promise.all([1, 2, 3].map(() => secondFactor.accept(person.id, second)));
  expect(atOnce.filter((kind) => kind === 'recovery')).toHaveLength(1);
});

test('new recovery codes end the old ones', async () => {
  const { secondFactor, actor, person, codes } = await withFactor();
  const renewed = await secondFactor.renewCodes(actor);
  expect(await secondFactor.accept(person.id, codes[0] ?? '')).toBeNull();
  expect(await secondFactor.accept(person.id, renewed[0] ?? '')).toBe('recovery');
});

test('turned off, the password is enough and the recovery codes are gone', async () => {
  const { secondFactor, actor, person, enter } = await withFactor();
  await secondFactor.turnOff(actor);
  await expect(enter()).resolves.toMatchObject({ user: { id: person.id } });
  expect(await clone.database.recoveryCode.count({ where: { userId: person.id } })).toBe(0);
  const told = await clone.database.activityItem.findMany({ where: { userId: person.id }, select: { kind: true } });
  expect(told.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['secondFactor.on', 'secondFactor.off']));
});
