import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, expect, test, vi } from 'vitest';

import { waitedForProcessorMs } from './run-queue.ts';

const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

test.skipIf(!canPin)(
  'a process that others keep from the processor waits for it, and one that is stopped does not',
  async () => {
    for (let each = 0; each < 2; each += 1)
      children.push(spawn('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }));
    const [first, other] = children;
    const waited = () => waitedForProcessorMs(first?.pid) ?? 0;
    await vi.waitFor(() => expect(waited()).toBeGreaterThan(200), { timeout: 20_000 });
    first?.kill('SIGSTOP');
    await sleep(100);
    const stoppedAt = waited();
    await sleep(500);
    expect(waited()).toBe(stoppedAt);
    other?.kill('SIGKILL');
  },
);

test('of a process that is gone nothing is known', () => {
  expect(waitedForProcessorMs(undefined)).toBeNull();
  expect(waitedForProcessorMs(2 ** 30)).toBeNull();
});
