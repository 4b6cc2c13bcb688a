import { readFileSync } from 'node:fs';

/** Of a tick of `/proc`: 100 a second on every Linux that Node runs on. */
const tickMs = 10;

/** Processor time that a process has had, all its threads; null where the system does not tell. */
export function processorMs(pid: number | undefined): number | null {
  if (pid === undefined) return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything; utime and stime are the 12th and 13th field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks * tickMs : null;
  } catch {
    return null; // No /proc here, or the process is gone.
  }
}
