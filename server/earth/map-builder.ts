import { Worker } from 'node:worker_threads';

import type { Logger } from '#server/platform/log.ts';

import { buildMapTree, type MapTree, type Positions } from './map-tree.ts';

/** As many are built in a few milliseconds; more would hold up everything else in the process. */
const inlineMax = 1500;
/** 65,000 take less than a second on two slow cores. */
const builtWithinMs = 60_000;

/** Builds a tree where it disturbs nobody. */
export async function buildApart(positions: Positions, log: Logger): Promise<MapTree> {
  if (positions.longitude.length <= inlineMax) return buildMapTree(positions);
  try {
    return await buildInWorker(positions);
  } catch (error) {
    log.warn({ action: 'map.worker', error }, 'no worker for the map: it is built in this thread');
    return buildMapTree(positions);
  }
}

async function buildInWorker(positions: Positions): Promise<MapTree> {
  // Without this process's own flags: what is preloaded into it is not for workers.
  const worker = new Worker(new URL('./map-worker.ts', import.meta.url), { execArgv: [] });
  try {
    return await new Promise<MapTree>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the map was not built in time')), builtWithinMs);
      late.unref();
      // Our own worker speaks to us: what comes is what it made.
      worker.once('message', (tree: MapTree) => {
        clearTimeout(late);
        resolve(tree);
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the map's worker ended with ${code}`)));
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of ours, not a window
      worker.postMessage(positions);
    });
  } finally {
    await worker.terminate();
  }
}
