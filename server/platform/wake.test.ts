import { expect, test } from 'vitest';

import { Wake } from './wake.ts';

const never = new AbortController().signal;

test('what was set before somebody waits wakes them once, however often it was set', async () => {
  const wake = new Wake();
  wake.set();
  wake.set();
  await wake.wait(never);
  let woke = false;
  const waiting = wake.wait(never).then(() => (woke = true));
  await new Promise(setImmediate);
  expect(woke).toBe(false);
  wake.set();
  await waiting;
  expect(woke).toBe(true);
});

test('who leaves is not kept waiting, before or while they wait', async () => {
  const wake = new Wake();
  await expect(wake.wait(AbortSignal.abort())).resolves.toBeUndefined();
  const leaving = new AbortController();
  const waiting = wake.wait(leaving.signal);
  leaving.abort();
  await expect(waiting).resolves.toBeUndefined();
});
