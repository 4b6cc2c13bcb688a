import { v7 as uuidv7 } from 'uuid';

import type { HouseEvent } from '#server/contracts/events.ts';

import type { Rows } from './db.ts';
import { eventChannel } from './events.ts';

/** Of no bus, so that this process hears it as well. */
const origin = uuidv7();

/** Tells all processes when the transaction of `rows` is committed, and nobody where it is not. */
export async function publishAtCommit(rows: Rows, event: HouseEvent): Promise<void> {
  await rows.$executeRaw`SELECT pg_notify(${eventChannel}, ${JSON.stringify({ origin, event })})`;
}
