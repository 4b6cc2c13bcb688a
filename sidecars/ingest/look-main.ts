import { flushCompileCache } from 'node:module';
import { constants, setPriority } from 'node:os';

import { createLogger, readEnv, sidecarEnv } from '#sidecars/harness.ts';

import { cidrList } from './cell-process.ts';
import { createAddressGuard } from './guard/address-guard.ts';
import { lookAsk, type LookAnswer } from './look-protocol.ts';
import { takeLook } from './look.ts';

/** Entry of the forked child that takes single pictures: what breaks a decoder breaks no stream. */

const env = readEnv(sidecarEnv.pick({ DATA_DIR: true, LOG_LEVEL: true }).extend({ ALLOWED_SOURCE_CIDRS: cidrList }));
const log = createLogger('ingest-look', env).child({ pid: process.pid });
const guard = createAddressGuard({ allowedCidrs: env.ALLOWED_SOURCE_CIDRS });
const { signal } = new AbortController();

// Live goes before looks.
setPriority(constants.priority.PRIORITY_LOW);

process.on('message', (raw) => {
  const ask = lookAsk.safeParse(raw);
  if (!ask.success) {
    // Paths of the issues only: their text may hold an address.
    const paths = ask.error.issues.slice(0, 3).map((issue) => issue.path.join('.'));
    log.error({ action: 'look.invalid', paths }, 'message to the looker does not parse');
    return;
  }
  const { id, source } = ask.data;
  void takeLook(source, { guard, log, signal, dataDir: env.DATA_DIR }).then((report) =>
    process.send?.({ id, report } satisfies LookAnswer),
  );
});
// Its parent is gone, killed ones included; native reads would hold the loop open.
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => log.debug({ action: 'look.sigint' }, 'left to the parent'));
process.send?.({ type: 'ready' });
flushCompileCache();
