import { expect, test, vi } from 'vitest';

import { silentLog } from '#server/testing/factories.ts';
import { fakeRequest } from '#sidecars/slicer/testing/fake-request.ts';

import { AnswerWatch } from './answer-watch.ts';

const patient = { timeout: 5000, interval: 5 };
const anAnswer = () => fakeRequest().response;

test('an answer under way is cut once it may not go on, and one that may is left alone', async () => {
  const watch = new AnswerWatch({ log: silentLog, everyMs: 5 });
  const [lost, kept] = [anAnswer(), anAnswer()];
  let [may, asked] = [true, 0];
  watch.add(lost, async () => may);
  watch.add(kept, async () => (asked += 1) > 0);
  await vi.waitFor(() => expect(asked).toBeGreaterThan(2), patient);
  expect(lost.destroyed).toBe(false);
  may = false;
  await vi.waitFor(() => expect(lost.destroyed).toBe(true), patient);
  expect(kept.destroyed).toBe(false);
  kept.destroy();
});

test('where nobody can say, media that run go on', async () => {
  const watch = new AnswerWatch({ log: silentLog, everyMs: 5 });
  const answer = anAnswer();
  let asked = 0;
  watch.add(answer, () => {
    asked += 1;
    return Promise.reject(new Error('the database is away'));
  });
  await vi.waitFor(() => expect(asked).toBeGreaterThan(2), patient);
  expect(answer.destroyed).toBe(false);
  answer.destroy();
});

test('an answer that is over is asked about no more', async () => {
  const watch = new AnswerWatch({ log: silentLog, everyMs: 5 });
  const [over, other] = [anAnswer(), anAnswer()];
  let [ofOver, ofOther] = [0, 0];
  watch.add(over, async () => (ofOver += 1) > 0);
  watch.add(other, async () => (ofOther += 1) > 0);
  over.destroy();
  over.emit('close');
  const before = ofOver;
  await vi.waitFor(() => expect(ofOther).toBeGreaterThan(2), patient);
  expect(ofOver).toBe(before);
  other.destroy();
});
