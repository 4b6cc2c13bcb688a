import { readFileSync } from 'node:fs';

/**
 * Milliseconds that a process's main thread has stood ready and got no processor (`/proc/<pid>/schedstat`, second figure, in ns); null where the system
 * does not tell. A stopped or blocked process does not stand ready.
 */
export function waitedForProcessorMs(pid: number | undefined): number | null {
  if (pid === undefined) return null;
  try {
    const waited = Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
    return Number.isFinite(waited) ? waited : null;
  } catch {
    return null; // No such file here, or the process is gone.
  }
}
