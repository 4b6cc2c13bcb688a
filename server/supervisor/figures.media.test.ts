import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { figuresAnswer } from '#server/contracts/supervisor.ts';

import { figuresOf } from './figures.ts';
import { Keeper } from './keeper.ts';

const silent = { info: () => {}, warn: () => {}, line: () => {} };

/** A process that asks its supervisor how it is, once it is ready, and ends with 0 when it was told. */
const asking = `
  process.send({ type: 'ready' });
  process.on('message', (message) => process.send({ heard: message }));
  process.send({ type: 'figures?' });
`;

test('a child that asks is told how all processes are, and nobody answers what is no question', async () => {
  const keepers: Keeper[] = [];
  const heard: unknown[] = [];
  const answer = figuresOf(keepers);
  const keeper = new Keeper(
    'child',
    () => ({
      name: 'child',
      command: process.execPath,
      args: ['-e', asking],
      env: { NODE_ENV: 'test' },
      ready: { by: 'message' },
      readyWithinMs: 20_000,
      drainWithinMs: 1000,
    }),
    silent,
    (message) => {
      heard.push(message);
      return answer(message);
    },
  );
  keepers.push(keeper);
  await keeper.start();
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(2);
  expect(heard[0]).toEqual({ type: 'figures?' });
  const told = figuresAnswer.parse(
    heard[1] && typeof heard[1] === 'object' && 'heard' in heard[1] ? heard[1].heard : 0,
  );
  expect(told.children).toEqual([{ name: 'child', running: true, restarts: 0 }]);
  expect(told.rssBytes).toBeGreaterThan(1e6);
  await keeper.stop();
});

test('the delay of the event loop is what came on top of the time between two looks: an idle process has none', async () => {
  const answer = figuresOf([]);
  const delayAfter = async (looks: number) => {
    await sleep(looks * 200);
    return answer({ type: 'figures?' })?.eventLoopDelayP99Ms;
  };
  // Who asks before the first look is told nothing.
  expect(await delayAfter(0)).toBe(0);
  await expect.poll(() => delayAfter(4), { timeout: 10_000, interval: 10 }).toBeLessThan(40);
});
