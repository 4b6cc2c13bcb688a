import type { ProcessStatus } from '#server/contracts/system-status.ts';

export type Condition = 'alive' | 'starting' | 'stuck' | 'dead';

/** Four words for a process, worst first. */
export function conditionOf(process: Pick<ProcessStatus, 'alive' | 'ready' | 'stuck'>): Condition {
  if (!process.alive) return 'dead';
  if (process.stuck !== null) return 'stuck';
  return process.ready ? 'alive' : 'starting';
}

export const conditionMark = { alive: 'live', starting: 'delayed', stuck: 'error', dead: 'offline' } as const;
