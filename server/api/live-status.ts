import { setTimeout as sleep } from 'node:timers/promises';

import type { SystemStatus } from '#server/contracts/system-status.ts';

import type { SystemReport } from './system-report.ts';

const everyMs = 5000;

/** What the status page shows, every five seconds. */
export async function* watchStatus(
  system: Pick<SystemReport, 'status'>,
  { signal }: { signal: AbortSignal },
): AsyncGenerator<SystemStatus> {
  while (!signal.aborted) {
    yield await system.status();
    await sleep(everyMs, undefined, { signal }).catch(() => {
      // It was closed meanwhile: the loop ends by itself.
    });
  }
}
