import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { createSealer } from '#server/platform/sealed.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { anActor } from '#server/testing/factories.ts';

import { IdempotentAnswers, type Answer } from './service.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(() => clone[Symbol.asyncDispose]());

const sealer = createSealer('a key for tests only');
const answersAt = (now: () => Date) => new IdempotentAnswers({ database: clone.database, sealer, now });
const asked = (overrides: object = {}) => ({
  key: 'k-1',
  actor: anActor(),
  ip: '203.0.113.7',
  path: '/cameras',
  body: '{"name":"a"}',
  ...overrides,
});

test('a repetition with the same key and body is given the kept answer, and nothing is done twice', async () => {
  const answers = answersAt(() => new Date());
  const request = asked();
  const work = vi.fn<() => Promise<Answer>>(async () => ({ status: 201, body: { id: '1', secret: 'shown once' } }));
  expect(await answers.once(request, work)).toMatchObject({ status: 201, replayed: false });
  expect(await answers.once(request, work)).toEqual({
    status: 201,
    body: { id: '1', secret: 'shown once' },
    replayed: true,
  });
  expect(work).toHaveBeenCalledTimes(1);
});

test('a key belongs to one caller, one address and one body', async () => {
  const answers = answersAt(() => new Date());
  const request = asked();
  const work = vi.fn<() => Promise<Answer>>(async () => ({ status: 200, body: {} }));
  await answers.once(request, work);
  await expect(answers.once({ ...request, body: '{}' }, work)).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'idempotencyKeyReused' },
  });
  expect(await answers.once({ ...request, actor: anActor() }, work)).toMatchObject({ replayed: false });
  expect(await answers.once({ ...request, path: '/removals' }, work)).toMatchObject({ replayed: false });
  const nobody = { ...request, actor: { type: 'anonymous' } as const };
  expect(await answers.once(nobody, work)).toMatchObject({ replayed: false });
  expect(await answers.once({ ...nobody, ip: '203.0.113.8' }, work)).toMatchObject({ replayed: false });
  expect(await answers.once(nobody, work)).toMatchObject({ replayed: true });
});

test('of requests side by side one runs, and the others are told when to come back', async () => {
  const answers = answersAt(() => new Date());
  const request = asked();
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const first = answers.once(request, async () => {
    begun.resolve();
    await gate.promise;
    return { status: 200, body: { done: true } };
  });
  await begun.promise;
  await expect(answers.once(request, async () => ({ status: 200, body: {} }))).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'idempotencyKeyInUse', retryAfterSeconds: 1 },
  });
  gate.resolve();
  expect(await first).toMatchObject({ body: { done: true } });
});

test('what failed may be tried again, and so may what a dead process left behind', async () => {
  let now = new Date();
  const answers = answersAt(() => now);
  const request = asked();
  await expect(answers.once(request, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await answers.once(request, async () => ({ status: 200, body: {} }))).toMatchObject({ replayed: false });
  const left = asked({ key: 'left' });
  const begun = Promise.withResolvers<void>();
  void answers.once(left, () => {
    begun.resolve();
    return new Promise(() => {});
  });
  await begun.promise;
  await expect(answers.once(left, async () => ({ status: 200, body: {} }))).rejects.toThrow(/being answered/);
  now = new Date(now.getTime() + 180_000);
  expect(await answers.once(left, async () => ({ status: 200, body: {} }))).toMatchObject({ replayed: false });
});

test('answers are kept for a day, sealed, and bounded', async () => {
  let now = new Date();
  const request = asked();
  const work = async () => ({ status: 200, body: { token: 'never in plain text' } });
  await answersAt(() => now).once(request, work);
  const rows = await clone.database.idempotentAnswer.findMany();
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain('never in plain text');
  const large = asked({ key: 'large' });
  await answersAt(() => now).once(large, async () => ({ status: 200, body: { text: 'x'.repeat(70_000) } }));
  await expect(answersAt(() => now).once(large, work)).rejects.toMatchObject({ details: { reason: 'answerNotKept' } });
  now = new Date(now.getTime() + 25 * 3_600_000);
  expect(await answersAt(() => now).once(request, work)).toMatchObject({ replayed: false });
  expect(await clone.database.idempotentAnswer.count()).toBe(1);
});

test('what is kept for one caller is bounded by count and by bytes; kept answers still come, others may go on', async () => {
  const person = anActor();
  const byKey = (id: number) => ({ ...person, credential: { kind: 'key', id: `key-${id}` } }) as const;
  const work = async () => ({ status: 200, body: { text: 'x'.repeat(1000) } });
  const full = { code: 'TOO_MANY_REQUESTS', details: { reason: 'idempotencyKeysFull', retryAfterSeconds: 60 } };
  for (const bounds of [
    { answers: 3, bytes: 1e9 },
    { answers: 1000, bytes: 3000 },
  ]) {
    let now = new Date();
    const { database } = clone;
    const answers = new IdempotentAnswers({ database, sealer, now: () => now, bounds });
    const path = `/of/${bounds.bytes}`;
    const ask = (key: string, more: object = {}) => answers.once(asked({ key, path, actor: person, ...more }), work);
    // All keys of a person count together.
    for (const id of [1, 2, 3]) await ask(`k-${id}`, { actor: byKey(id) });
    await expect(ask('k-4')).rejects.toMatchObject(full);
    expect(await ask('k-2', { actor: byKey(2) })).toMatchObject({ replayed: true });
    expect(await ask('k-4', { actor: anActor() })).toMatchObject({ replayed: false });
    // Another process finds the same, and what failed is not counted.
    const beside = new IdempotentAnswers({ database, sealer, now: () => now, bounds });
    await expect(beside.once(asked({ key: 'k-5', path, actor: person }), work)).rejects.toMatchObject(full);
    now = new Date(now.getTime() + 25 * 3_600_000);
    expect(await ask('k-4')).toMatchObject({ replayed: false });
    await database.idempotentAnswer.deleteMany();
  }
});

test('the addresses of one home are one caller to the bound, each its own to the answers, and less is kept of them than of a person', async () => {
  const { database } = clone;
  const answers = new IdempotentAnswers({ database, sealer, bounds: { answers: 128, bytes: 1e9 } });
  const work = async () => ({ status: 200, body: {} });
  const at = (ip: string) => answers.once(asked({ actor: { type: 'anonymous' }, ip, path: '/home' }), work);
  expect(await at('2001:db8:1:2::1')).toMatchObject({ replayed: false });
  expect(await at('2001:db8:1:2::2')).toMatchObject({ replayed: false });
  await expect(at('2001:db8:1:2::3')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  expect(await at('2001:db8:1:3::1')).toMatchObject({ replayed: false });
  const actor = anActor();
  for (const key of ['1', '2', '3'])
    expect(await answers.once(asked({ actor, key }), work)).toMatchObject({ replayed: false });
});

test('a key that is empty, too long or not printable is refused', async () => {
  for (const key of ['', 'x'.repeat(256), 'a b', 'é'])
    await expect(
      answersAt(() => new Date()).once(asked({ key }), async () => ({ status: 200, body: {} })),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});
