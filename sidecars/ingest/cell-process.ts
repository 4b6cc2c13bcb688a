import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { Child } from '#server/supervisor/child.ts';
import { sidecarEnv } from '#sidecars/harness.ts';

/** Ranges that sources may lie in although they are private, by the operator: `10.0.0.0/8,192.168.7.0/24`. */
export const cidrList = z
  .string()
  .default('')
  .transform((list) => list.split(/[\s,]+/).filter((cidr) => cidr !== ''));

/** What a cell may know of our environment: where things are and whom to trust, no secret. */
const passedOn = z.object({
  PATH: z.string().optional(),
  HOME: z.string().optional(),
  TMPDIR: z.string().optional(),
  TZ: z.string().optional(),
  LD_LIBRARY_PATH: z.string().optional(),
  NODE_EXTRA_CA_CERTS: z.string().optional(),
  SSL_CERT_FILE: z.string().optional(),
  SSL_CERT_DIR: z.string().optional(),
  ALLOWED_SOURCE_CIDRS: z.string().optional(),
  /** With it a cell loads its modules as they were compiled once; the compiler of types alone takes 20 MB of each process. */
  NODE_COMPILE_CACHE: z.string().optional(),
});
export const cellEnv = sidecarEnv.pick({ DATA_DIR: true, LOG_LEVEL: true, NODE_ENV: true }).extend(passedOn.shape);
export type CellEnv = z.infer<typeof cellEnv>;

const entries = {
  cell: fileURLToPath(new URL('cell-main.ts', import.meta.url)),
  look: fileURLToPath(new URL('look-main.ts', import.meta.url)),
};

/**
 * A cell's garbage is buffers that live for a moment outside the heap, 13 MB a second at eight streams. V8 by its defaults lets them pile up and
 * then marks the whole heap, once a second, on four threads: a third of the cell's CPU. A small nursery frees them young instead.
 */
const nodeFlags = ['--max-semi-space-size=1', '--heap-growing-percent=150', '--v8-pool-size=1'];

/** Loading the codecs takes many seconds on a machine that has too much to do, and beginning anew would only give it more. */
const readyWithinMs = 45_000;

/** A blocked read of libav holds a thread of the pool, and another its name look-up. */
export function threadPoolSize(sources: number): number {
  return 2 * sources + 8;
}

/** A child that can hold up to `sources` sources, or look at so many at once; not started. */
export function cellProcess({
  name,
  sources,
  env,
  entry = 'cell',
}: {
  name: string;
  sources: number;
  env: CellEnv;
  entry?: keyof typeof entries;
}): Child {
  return new Child({
    name,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', ...nodeFlags, entries[entry]],
    env: {
      ...env,
      UV_THREADPOOL_SIZE: String(threadPoolSize(sources)),
      // One arena a thread would cost megabytes each for small buffers that live a moment.
      MALLOC_ARENA_MAX: '2',
      // Fixed, slabs of media go back to the system when they are freed; left to itself it rises, and they leave holes in the heap.
      MALLOC_MMAP_THRESHOLD_: '131072',
    },
    ready: { by: 'message' },
    readyWithinMs,
    drainWithinMs: 4500,
  });
}
