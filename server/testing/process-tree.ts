import { readdir, readFile } from 'node:fs/promises';

/** Process ids whose parent is `parent` and that are alive. */
export async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.flatMap((stat) => {
    // `pid (name) state ppid …`; a dead one that nobody has waited for is no process any more.
    const [state, parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(parentPid) === parent && state !== 'Z' ? [Number.parseInt(stat, 10)] : [];
  });
}
