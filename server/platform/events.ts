import { EventEmitter } from 'node:events';

import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

import { houseEvent, type HouseEvent, type HouseEventType } from '#server/contracts/events.ts';

import type { Logger } from './log.ts';

type EventOf<Type extends HouseEventType> = Extract<HouseEvent, { type: Type }>;

/** The part of the bus that domains see. */
export interface Events {
  /** Reaches this process's listeners at once and other processes by the database; never throws. */
  publish: (event: HouseEvent) => void;
  /** Only what this process published: of all processes exactly one hears each event so. Returns how to stop listening. */
  onPublished: (listener: (event: HouseEvent) => void) => () => void;
  /** Returns how to stop listening. */
  on: <Type extends HouseEventType>(type: Type, listener: (event: EventOf<Type>) => void) => () => void;
  /** Events of other processes may have been missed: fetch again what was derived from them. */
  onGap: (listener: () => void) => () => void;
}

export const eventChannel = 'sensorium_events';
const envelope = z.object({ origin: z.string(), event: houseEvent });
/** PostgreSQL refuses a payload of 8,000 bytes or more. */
const payloadBytesMax = 7900;
/** What is not sent while the database is away; older ones go first, the gap tells receivers. */
const outboxLengthMax = 1000;
const retryMsMax = 5000;

/** The bus of this process, joined to the others by LISTEN/NOTIFY. Without `start` it stays in process. */
export class EventBus implements Events {
  readonly #origin = uuidv7();
  readonly #local = new EventEmitter<{ gap: [] }>();
  readonly #listeners = new Set<(event: HouseEvent) => void>();
  readonly #own = new Set<(event: HouseEvent) => void>();
  readonly #url: string;
  readonly #log: Logger;
  readonly #outbox: string[] = [];
  #client: pg.Client | null = null;
  #retry: NodeJS.Timeout | null = null;
  #attempt = 0;
  #running = false;
  #sending = false;

  constructor(options: { url: string; log: Logger }) {
    this.#url = options.url;
    this.#log = options.log.child({ component: 'events' });
    this.#local.setMaxListeners(100);
  }

  publish(event: HouseEvent): void {
    this.#deliver(event);
    for (const listener of this.#own) listener(event);
    if (!this.#running) return;
    const payload = JSON.stringify({ origin: this.#origin, event });
    if (Buffer.byteLength(payload) > payloadBytesMax) {
      this.#log.error({ action: 'event.tooLarge', type: event.type }, 'event is too large for other processes');
      return;
    }
    if (this.#outbox.push(payload) > outboxLengthMax) this.#outbox.shift();
    void this.#flush();
  }

  onPublished(listener: (event: HouseEvent) => void): () => void {
    this.#own.add(listener);
    return () => void this.#own.delete(listener);
  }

  on<Type extends HouseEventType>(type: Type, listener: (event: EventOf<Type>) => void): () => void {
    const ofType = (event: HouseEvent) => {
      if (isOfType(event, type)) listener(event);
    };
    this.#listeners.add(ofType);
    return () => void this.#listeners.delete(ofType);
  }

  onGap(listener: () => void): () => void {
    this.#local.on('gap', listener);
    return () => void this.#local.off('gap', listener);
  }

  /** Resolves when it listens; afterwards it reconnects by itself. */
  async start(): Promise<void> {
    this.#running = true;
    await this.#connect();
  }

  async close(): Promise<void> {
    this.#running = false;
    if (this.#retry) clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = null;
    if (client) await endQuietly(client);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5000,
      query_timeout: 5000,
      application_name: 'sensorium events',
    });
    let lost = false;
    const lose = (error?: unknown) => {
      if (lost) return;
      lost = true;
      if (this.#client === client) this.#client = null;
      void endQuietly(client);
      this.#reconnectLater(error);
    };
    client.on('error', lose);
    client.on('end', () => lose());
    client.on('notification', (message) => this.#receive(message.payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${eventChannel}`);
    } catch (error) {
      lose(error);
      return;
    }
    if (!this.#running) {
      await client.end();
      return;
    }
    this.#client = client;
    if (this.#attempt > 0) this.#local.emit('gap');
    this.#attempt = 0;
    void this.#flush();
  }

  #reconnectLater(error: unknown): void {
    if (!this.#running || this.#retry) return;
    if (this.#attempt === 0) this.#log.warn({ action: 'events.lost', error }, 'event bus lost the database');
    this.#attempt += 1;
    const waitMs = Math.min(retryMsMax, 100 * 2 ** Math.min(this.#attempt, 6)) * (0.5 + Math.random());
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#connect();
    }, waitMs);
    this.#retry.unref();
  }

  async #flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let payload = this.#outbox[0]; payload !== undefined && this.#client; payload = this.#outbox[0]) {
        await this.#client.query('SELECT pg_notify($1, $2)', [eventChannel, payload]);
        // The head may have been dropped meanwhile for being too old.
        if (this.#outbox[0] === payload) this.#outbox.shift();
      }
    } catch (error) {
      this.#log.debug({ action: 'events.send', error }, 'event is sent after the database is back');
    } finally {
      this.#sending = false;
    }
  }

  #receive(payload: string): void {
    const parsed = envelope.safeParse(parseJson(payload));
    if (!parsed.success) this.#log.warn({ action: 'event.invalid' }, 'an event of another process does not parse');
    else if (parsed.data.origin !== this.#origin) this.#deliver(parsed.data.event);
  }

  #deliver(event: HouseEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // One listener's fault must not keep the event from the next, nor fail the publisher's work.
        this.#log.error({ action: 'event.listener', type: event.type, error }, 'a listener failed');
      }
    }
  }
}

function isOfType<Type extends HouseEventType>(event: HouseEvent, type: Type): event is EventOf<Type> {
  return event.type === type;
}

async function endQuietly(client: pg.Client): Promise<void> {
  try {
    await client.end();
  } catch {
    // The connection was gone already.
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // The envelope refuses it and says so.
  }
}
