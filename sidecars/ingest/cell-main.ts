import { flushCompileCache } from 'node:module';

import { createLogger, readEnv, sidecarEnv } from '#sidecars/harness.ts';

import { cidrList } from './cell-process.ts';
import { runCell } from './cell.ts';
import { createAddressGuard } from './guard/address-guard.ts';
import { openSource } from './open-source.ts';
import { Packager } from './packager.ts';

/** Entry of the forked child that holds sources. */

const env = readEnv(sidecarEnv.pick({ DATA_DIR: true, LOG_LEVEL: true }).extend({ ALLOWED_SOURCE_CIDRS: cidrList }));
const log = createLogger('ingest-cell', env).child({ pid: process.pid });
const guard = createAddressGuard({ allowedCidrs: env.ALLOWED_SOURCE_CIDRS });
const dataDir = env.DATA_DIR;

runCell({
  log,
  openSource: (pullLog) => (source, context) => openSource(source, { ...context, log: pullLog, guard, dataDir }),
  createPackager: (pullLog) => (options) => new Packager({ ...options, log: pullLog }),
  diagnose: async (input, signal) => {
    // Only the child that examines needs it.
    const { diagnose } = await import('./doctor/diagnose.ts');
    return diagnose(input, { guard, log, signal, dataDir });
  },
});
// The cells that follow find it compiled; left to the exit, a cell that is killed would leave nothing.
flushCompileCache();
