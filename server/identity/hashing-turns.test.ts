import { stat } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { HashingTurns } from './hashing-turns.ts';
import { hashPassword, verifyPassword } from './passwords.ts';

const later = () => Promise.withResolvers<void>();

test('so many are hashed at once and no more, in the order in which they came', async () => {
  const turns = new HashingTurns(2);
  const began: number[] = [];
  const gates = Array.from({ length: 4 }, later);
  const all = gates.map(({ promise }, index) =>
    turns.take(async () => {
      began.push(index);
      await promise;
    }),
  );
  await expect.poll(() => began).toEqual([0, 1]);
  gates[1]?.resolve();
  await all[1];
  await expect.poll(() => began).toEqual([0, 1, 2]);
  for (const { resolve } of gates) resolve();
  await Promise.all(all);
  expect(began).toEqual([0, 1, 2, 3]);
});

test('one that failed gives its turn on', async () => {
  const turns = new HashingTurns(1);
  const failed = turns.take(() => Promise.reject(new Error('no memory')));
  const next = turns.take(() => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('no memory');
  await expect(next).resolves.toBe('done');
});

test('who would wait too long is told to come again', async () => {
  const turns = new HashingTurns(1);
  const { promise, resolve } = later();
  const waiting = Array.from({ length: 257 }, () => turns.take(() => promise));
  await expect(turns.take(() => promise)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    details: { retryAfterSeconds: 1 },
  });
  resolve();
  await Promise.all(waiting);
});

test('while many passwords are tried, other work of the threads is not behind them', async () => {
  const kept = await hashPassword('a long enough phrase');
  let checked = 0;
  const tries = Array.from({ length: 24 }, async () => {
    await verifyPassword(kept, 'another long phrase');
    checked += 1;
  });
  // In one queue with them it would come when no more than those under way are left.
  await stat(import.meta.filename);
  expect(checked).toBeLessThan(20);
  await Promise.all(tries);
  expect(checked).toBe(24);
});
