import { readdirSync, readFileSync } from 'node:fs';

/** CPU and memory of processes as the kernel counts them (Linux /proc). */

const ticksPerSecond = 100; // USER_HZ, fixed at 100 for user space on Linux

export interface ProcessInfo {
  pid: number;
  parent: number;
  command: string;
  cpuSeconds: number;
}

function readProcess(pid: number): ProcessInfo | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold spaces: count the fields behind it.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return {
      pid,
      parent: fields[1] ?? 0,
      command,
      cpuSeconds: ((fields[11] ?? 0) + (fields[12] ?? 0)) / ticksPerSecond,
    };
  } catch {
    return null; // It ended meanwhile.
  }
}

/** `root` and all below it. */
export function processTree(root: number): ProcessInfo[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const below = (pid: number): ProcessInfo[] =>
    all.filter(({ parent }) => parent === pid).flatMap((info) => [info].concat(below(info.pid)));
  return [...all.filter(({ pid }) => pid === root), ...below(root)];
}

export function cpuSecondsOf(processes: ProcessInfo[]): number {
  return processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** Proportional set size in MiB: shared pages counted by their share. */
export function pssMiB(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
  } catch {
    return 0; // It ended meanwhile.
  }
}

/** CPU seconds a wall second of the tree under `root` over `seconds`, in all and by command. */
export async function measureCores(root: number, seconds: number): Promise<{ total: number; by: Map<string, number> }> {
  const before = new Map(processTree(root).map((info) => [info.pid, info.cpuSeconds]));
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const wall = (performance.now() - began) / 1000;
  const by = new Map<string, number>();
  let total = 0;
  for (const { pid, command, cpuSeconds } of processTree(root)) {
    const cores = (cpuSeconds - (before.get(pid) ?? 0)) / wall;
    const name = /(postgres|slicer|ingest|gateway|picture|standalone|cell)/.exec(command)?.[1] ?? 'other';
    by.set(name, (by.get(name) ?? 0) + cores);
    total += cores;
  }
  return { total, by };
}
