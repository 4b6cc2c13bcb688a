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

test('a key that is empty, too long or not printable is refused', async () => {
  for (const key of ['', 'x'.repeat(256), 'a b', 'é'])
    await expect(
      answersAt(() => new Date()).once(asked({ key }), async () => ({ status: 200, body: {} })),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});
