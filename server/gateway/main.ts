import { openHouse } from '#server/api/house.ts';
import { SystemReport } from '#server/api/system-report.ts';
import { readServerEnv } from '#server/platform/env.ts';
import { Jobs } from '#server/platform/jobs.ts';
import { createLogger } from '#server/platform/log.ts';
import { mailKind } from '#server/platform/mail.ts';
import { createMetrics } from '#server/platform/metrics.ts';
import { OutboxWorker } from '#server/platform/outbox.ts';

import { CertificateFiles } from './certificate.ts';
import { ControlLinks } from './control-link.ts';
import { watchFeeds } from './feed-runs.ts';
import { createGateway } from './gateway.ts';
import { watchHouse } from './house-activity.ts';
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
const gateway = createGateway({
  house,
  report,
  env,
  metrics,
  log,
  observe: async () => {
    metrics.proxied.set(gateway.passing());
    metrics.webSockets.set({ door: 'control' }, links.open);
    metrics.webSockets.set({ door: 'trpc' }, gateway.sockets.open);
    for (const { queue, state, count } of await jobs.lengths()) metrics.queues.set({ queue, state }, count);
  },
});
const internal = createInternalServer({
  secret: env.INTERNAL_SECRET,
  links,
  identity: house.identity,
  media: gateway.media,
  metrics: gateway.metrics,
  log,
});
const inside = listenerOf(internal, {
  idle: () => internal.closeIdleConnections(),
  all: () => internal.closeAllConnections(),
});
const certificate =
  env.TLS_CERT !== undefined && env.TLS_KEY !== undefined
    ? new CertificateFiles({ certFile: env.TLS_CERT, keyFile: env.TLS_KEY, log })
    : null;
const outside = openPublicServer(gateway, certificate?.read() ?? null);
certificate?.watch(outside.renew);
// Without a certificate too: a terminal that closes tells its supervisor, which stops us in order.
process.on('SIGHUP', () => certificate?.reload());

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
const outbox = new OutboxWorker({ database: house.platform.database, outbox: house.platform.outbox, log });
outbox.carry(house.webhooks.outboxKind());
if (env.SMTP_URL) outbox.carry(mailKind({ url: env.SMTP_URL, from: env.MAIL_FROM }));
else
  log.warn(
    { action: 'mail.kept' },
    'no mail server was given (SMTP_URL): mail is kept for an admin to hand over, see Admin, Mail',
  );
outbox.start();
const stopActivity = watchHouse(house, log);
const stopWebhooks = house.webhooks.start();
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
  certificate?.close();
  gateway.sockets.close();
  const closed = Promise.all([outside.close(), inside.close()]);
  stopPurges();
  stopFeeds();
  stopWebhooks();
  stopActivity();
  links.close();
  stopEarth();
  await Promise.all([closed, jobs.close(), stopStreams(), stopHistory(), outbox.close()]);
  clearTimeout(cut);
  gateway.close();
  await house.webhooks.close();
  house.limits.close();
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
