import { monitorEventLoopDelay } from 'node:perf_hooks';

import { figuresQuestion, type FiguresAnswer } from '#server/contracts/supervisor.ts';

import type { Keeper } from './keeper.ts';

/** Each look at the delay of the event loop wakes the process. */
const delayEveryMs = 200;

/** Answers a child that asks how the processes are; null: it asked something else. */
export function figuresOf(keepers: readonly Keeper[]): (message: unknown) => FiguresAnswer | null {
  const delay = monitorEventLoopDelay({ resolution: delayEveryMs });
  delay.enable();
  return (message) => {
    if (!figuresQuestion.safeParse(message).success) return null;
    const cpu = process.cpuUsage();
    // What is measured is the time between two looks.
    const p99 = Math.max(0, delay.percentile(99) / 1e6 - delayEveryMs);
    delay.reset();
    return {
      type: 'figures',
      rssBytes: process.memoryUsage.rss(),
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      eventLoopDelayP99Ms: Number.isFinite(p99) ? p99 : 0,
      children: keepers.map(({ name, isRunning, restarts }) => ({ name, running: isRunning, restarts })),
    };
  };
}
