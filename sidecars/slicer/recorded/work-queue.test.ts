import { expect, it } from 'vitest';

import { BusyError, WorkQueue } from './work-queue.ts';

function aTask() {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { work: () => promise, finish: resolve };
}
const never = new AbortController().signal;

it('runs so many at once, lets so many wait, and refuses the rest at once', async () => {
  const queue = new WorkQueue({ runningMax: 2, waitingMax: 1 });
  const [a, b, c] = [aTask(), aTask(), aTask()];
  const results = [a, b, c].map(({ work }) => queue.run(work, never));
  expect(queue.waiting).toBe(1);
  await expect(queue.run(aTask().work, never)).rejects.toBeInstanceOf(BusyError);
  b.finish('b');
  expect(await results[1]).toBe('b');
  expect(queue.waiting).toBe(0);
  c.finish('c');
  a.finish('a');
  expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
  // Nothing is left in hand.
  expect(await Promise.all([1, 2].map((n) => queue.run(async () => n, never)))).toEqual([1, 2]);
});

it('lets go of who gives up in line, and of a task that fails', async () => {
  const queue = new WorkQueue({ runningMax: 1, waitingMax: 2 });
  const first = aTask();
  const running = queue.run(first.work, never);
  const leaving = new AbortController();
  const given = queue.run(aTask().work, leaving.signal);
  const last = queue.run(async () => 'last', never);
  leaving.abort();
  await expect(given).rejects.toThrow('given up');
  await expect(queue.run(aTask().work, leaving.signal)).rejects.toThrow('abort');
  first.finish('first');
  expect([await running, await last]).toEqual(['first', 'last']);
  await expect(queue.run(() => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
  expect(await queue.run(async () => 'next', never)).toBe('next');
});
