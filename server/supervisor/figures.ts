import { monitorEventLoopDelay } from 'node:perf_hooks';

import { figuresQuestion, type FiguresAnswer } from '#server/contracts/supervisor.ts';

import type { Keeper } from './keeper.ts';

/** Answers a child that asks how the processes are; null: it asked something else. */
export function figuresOf(keepers: readonly Keeper[]): (message: unknown) => FiguresAnswer | null {
  const delay = monitorEventLoopDelay({ resolution: 50 });
  delay.enable();
  return (message) => {
    if (!figuresQuestion.safeParse(message).success) return null;
    const cpu = process.cpuUsage();
    const p99 = delay.percentile(99) / 1e6;
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
