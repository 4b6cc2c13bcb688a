import { flushCompileCache } from 'node:module';

import { z } from 'zod';

import type { FromSidecar } from '#server/contracts/sidecar.ts';
import { createLogger, readEnv, sidecarEnv, startSidecar, type Sidecar } from '#sidecars/harness.ts';

import { Slicer } from './slicer.ts';

const slicerEnv = sidecarEnv.extend({
  SLICER_HOST: z.string().default('127.0.0.1'),
  /** 0 chooses one. */
  SLICER_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Memory of all rings together. */
  SLICER_RING_BYTES: z.coerce.number().int().min(67_108_864).default(536_870_912),
  /** Streams whose smaller pictures are made at the same time; half as many as there are processors unless told, 0 makes none. */
  SLICER_TRANSCODES: z.coerce.number().int().min(0).max(64).optional(),
});

/** Streams one process takes; each costs 0.006 of a core and up to 24 MB. */
const capacity = 200;

const env = readEnv(slicerEnv);
const log = createLogger('slicer', env);
let sidecar: Sidecar | null = null;
const slicer = new Slicer({
  dataDir: env.DATA_DIR,
  secret: env.INTERNAL_SECRET,
  host: env.SLICER_HOST,
  port: env.SLICER_PORT,
  ringBytesMax: env.SLICER_RING_BYTES,
  ...(env.SLICER_TRANSCODES !== undefined && { transcodesMax: env.SLICER_TRANSCODES }),
  log,
  send: (message: FromSidecar) => sidecar?.send(message),
});
const url = await slicer.listen();
log.info({ action: 'listening', url }, 'the origin listens');
sidecar = startSidecar({
  role: 'slicer',
  env,
  log,
  url,
  capacity,
  onMessage: (message) => slicer.message(message),
  onConnected: () => slicer.connected(),
  health: () => slicer.health(),
  disk: () => slicer.disk,
  stop: () => slicer.close(),
});
// Left to the exit, a process that is killed would leave nothing for the next.
flushCompileCache();
