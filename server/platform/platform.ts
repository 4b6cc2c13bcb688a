import { openDatabase } from './db.ts';
import type { ServerEnv } from './env.ts';
import { EventBus } from './events.ts';
import type { Logger } from './log.ts';
import { Outbox } from './outbox.ts';
import { createSealer, type Sealer } from './sealed.ts';
import type { Database } from './transaction.ts';

/** What the domains of one process stand on. */
export interface Platform {
  database: Database;
  events: EventBus;
  sealer: Sealer;
  outbox: Outbox;
  log: Logger;
  close: () => Promise<void>;
}

/** Connects nothing by itself: the database at its first query, the bus by `events.start`. */
export function openPlatform(
  env: Pick<ServerEnv, 'DATABASE_URL' | 'SENSORIUM_KEY' | 'SMTP_URL'>,
  log: Logger,
  options: { connectionsMax?: number } = {},
): Platform {
  const database = openDatabase(env.DATABASE_URL, options);
  const events = new EventBus({ url: env.DATABASE_URL, log });
  const sealer = createSealer(env.SENSORIUM_KEY);
  return {
    database,
    events,
    sealer,
    outbox: new Outbox({ sealer, kept: env.SMTP_URL === undefined ? ['mail'] : [] }),
    log,
    async close() {
      await events.close();
      await database.$disconnect();
    },
  };
}
