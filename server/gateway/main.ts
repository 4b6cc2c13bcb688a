import { readFileSync } from 'node:fs';

import { openHouse } from '#server/api/house.ts';
import { SystemReport } from '#server/api/system-report.ts';
import { readServerEnv } from '#server/platform/env.ts';
import { Jobs } from '#server/platform/jobs.ts';
import { createLogger } from '#server/platform/log.ts';
import { createMetrics } from '#server/platform/metrics.ts';

import { ControlLinks } from './control-link.ts';
import { watchFeeds } from './feed-runs.ts';
import { createGateway } from './gateway.ts';
import { createInternalServer } from './internal-server.ts';
import { listenerOf, openPublicServer } from './public-server.ts';
import { watchPurges } from './purge.ts';

/** Clients that hold a connection are cut after this; the supervisor waits longer. */
const drainMs = 4000;

const env = readServerEnv();
const log = createLogger('gateway', env);
const metrics = createMetrics('gateway');
const house = openHouse(env, log, { onLeaseChange: (role) => metrics.leaseChanges.inc({ role }) });
const report = new SystemReport(house, env);
const jobs = new Jobs({ url: env.DATABASE_URL, log });
const links = new ControlLinks({ streams: house.streams, recordings: house.recordings, log });
const gateway = createGateway({ house, report, env, metrics, log });
const internal = createInternalServer({
  secret: env.INTERNAL_SECRET,
  links,
  identity: house.identity,
  media: gateway.media,
  metrics,
  log,
  observe: () => {
    for (const role of ['ingest', 'slicer'] as const)
      metrics.nodes.set({ role }, house.streams.links.ofRole(role).length);
    metrics.proxied.set(gateway.passing());
  },
});
const inside = listenerOf(internal, {
  idle: () => internal.closeIdleConnections(),
  all: () => internal.closeAllConnections(),
});
const tls = env.TLS_CERT && env.TLS_KEY ? { cert: readFileSync(env.TLS_CERT), key: readFileSync(env.TLS_KEY) } : null;
const outside = openPublicServer(gateway, tls);

report.start();
await house.platform.events.start();
const stopStreams = house.streams.start();
const stopHistory = house.streams.history.start();
const stopEarth = house.earth.start();
try {
  await Promise.all([inside.listen(env.INTERNAL_PORT, '127.0.0.1'), outside.listen(env.PORT, env.HOST)]);
} catch (error) {
  log.error({ action: 'listen.failed', error }, 'the gateway can not listen: is a port taken by another program?');
  process.exit(1);
}
const stopPurges = watchPurges({ house, jobs, log });
const stopFeeds = watchFeeds({ feeds: house.feeds, events: house.platform.events, jobs, log });
log.info({ action: 'ready', port: outside.port(), internalPort: inside.port() }, 'gateway ready');
process.send?.({ type: 'ready' });

let stopping = false;
async function stop(why: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ action: 'stop', why }, 'stopping');
  const cut = setTimeout(() => {
    outside.cut();
    inside.cut();
  }, drainMs);
  const closed = Promise.all([outside.close(), inside.close()]);
  stopPurges();
  stopFeeds();
  links.close();
  stopEarth();
  await Promise.all([closed, jobs.close(), stopStreams(), stopHistory()]);
  clearTimeout(cut);
  gateway.close();
  await house.feeds.close();
  await house.platform.close();
}

function stopFor(why: string): void {
  stop(why)
    .catch((error: unknown) => log.error({ action: 'stop.failed', error }, 'did not stop cleanly'))
    // A stuck handle must not keep a stopped process.
    .finally(() => process.exit(0));
}
process.once('SIGTERM', () => stopFor('SIGTERM'));
process.once('SIGINT', () => stopFor('SIGINT'));
// The IPC channel closes when the supervisor is gone, killed ones included: nothing may outlive it.
if (process.connected) process.once('disconnect', () => stopFor('supervisor gone'));
