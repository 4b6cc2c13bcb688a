import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';

import type { Database, Rows } from './db.ts';
import type { Logger } from './log.ts';
import { claimDue, insertItem, purgeItems, settleItem, type ClaimedItem } from './outbox-rows.ts';
import type { Sealer } from './sealed.ts';

/** Waits between tries: 1, 2, 4 … 60 s, each ±25 %; after the last the item is dead and waits for a person. */
const firstWaitMs = 1000;
const waitMsMax = 60_000;
const triesMax = 10;
const jitter = 0.25;
/** One delivery ends within this, or counts as failed. */
const leaseMs = 60_000;
const atOnce = 8;
const pollMs = 1000;
const purgeEveryMs = 3_600_000;

/** A kind of thing that goes out. */
export interface OutboxKind<Payload> {
  name: string;
  payload: z.ZodType<Payload>;
  /** Resolves when it has arrived, with what the other side said; throws when it has not. */
  deliver: (payload: Payload, item: { id: string; attempt: number }) => Promise<Record<string, string | number>>;
  /** After the last try failed. */
  onDead?: (payload: Payload, item: { id: string; error: string }) => Promise<void>;
}

/** Says that no later try can help. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
}

/** What must reach the outside. It is written in the transaction of what it tells of, so neither is there without the other, and sent afterwards. */
export class Outbox {
  readonly #sealer: Sealer;
  readonly #kept: ReadonlySet<string>;
  readonly #now: () => Date;

  /** `kept`: kinds that nothing in this house can send; they wait for a person to read them. */
  constructor(options: { sealer: Sealer; kept?: readonly string[]; now?: () => Date }) {
    this.#sealer = options.sealer;
    this.#kept = new Set(options.kept);
    this.#now = options.now ?? (() => new Date());
  }

  keeps(kind: string): boolean {
    return this.#kept.has(kind);
  }

  /** `summary` is shown in lists; `payload` is sealed. Returns its id. */
  async put(rows: Rows, item: { kind: string; summary: Record<string, string>; payload: object }): Promise<string> {
    const id = uuidv7();
    await insertItem(rows, {
      id,
      kind: item.kind,
      summary: item.summary,
      sealed: this.#sealer.seal(JSON.stringify(item.payload), `outbox ${id}`),
      state: this.#kept.has(item.kind) ? 'kept' : 'pending',
      now: this.#now(),
    });
    return id;
  }

  open(item: { id: string; sealed: Uint8Array }): unknown {
    return JSON.parse(this.#sealer.open(item.sealed, `outbox ${item.id}`));
  }
}

interface Carrier {
  name: string;
  send: (item: ClaimedItem) => Promise<Record<string, string | number>>;
  onDead: (item: ClaimedItem, error: string) => Promise<void>;
}

/** Takes things out of the outbox: one or several processes, each item by one of them at a time, at least once. */
export class OutboxWorker {
  readonly #options: { database: Database; outbox: Outbox; log: Logger; now: () => Date; random: () => number };
  readonly #carriers = new Map<string, Carrier>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #rounds = new Map<string, Promise<void>>();
  #closed = false;
  #purgedAt = 0;

  constructor(options: { database: Database; outbox: Outbox; log: Logger; now?: () => Date; random?: () => number }) {
    this.#options = {
      ...options,
      log: options.log.child({ component: 'outbox' }),
      now: options.now ?? (() => new Date()),
      random: options.random ?? Math.random,
    };
  }

  carry<Payload>(kind: OutboxKind<Payload>): void {
    const read = (item: ClaimedItem) => kind.payload.parse(this.#options.outbox.open(item));
    this.#carriers.set(kind.name, {
      name: kind.name,
      send: (item) => kind.deliver(read(item), { id: item.id, attempt: item.attempts }),
      onDead: async (item, error) => kind.onDead?.(read(item), { id: item.id, error }),
    });
  }

  /** Every kind has rounds of its own: slow webhooks in any number must not keep back the mail. */
  start(): void {
    for (const kind of this.#carriers.keys()) this.#schedule(kind, 0);
  }

  /** Waits for what is being sent. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#rounds.values());
  }

  /** Sends what is due, as many of each kind. Returns how many were tried. */
  async sendDue(): Promise<number> {
    const tried = await Promise.all([...this.#carriers.keys()].map((kind) => this.#sendKind(kind)));
    return tried.reduce((sum, count) => sum + count, 0);
  }

  async #sendKind(kind: string): Promise<number> {
    const { database, now } = this.#options;
    const items = await claimDue(database, { kinds: [kind], now: now(), leaseMs, limit: atOnce });
    await Promise.all(items.map((item) => this.#send(item)));
    return items.length;
  }

  async #send(item: ClaimedItem): Promise<void> {
    const { database, log, now } = this.#options;
    const carrier = this.#carriers.get(item.kind);
    if (!carrier) return;
    try {
      // Claimed more often than it failed: each time the process died of it.
      if (item.attempts > triesMax) throw new Undeliverable('every try ended with this process');
      const result = await carrier.send(item);
      await settleItem(database, item, { state: 'sent', sentAt: now(), lastError: null, result });
      log.info({ action: 'outbox.sent', kind: item.kind, itemId: item.id, attempt: item.attempts }, 'sent');
    } catch (error) {
      const words = (error instanceof Error ? error.message : String(error)).slice(0, 500);
      const isOver = error instanceof Undeliverable || item.attempts >= triesMax;
      await settleItem(database, item, {
        state: isOver ? 'dead' : 'pending',
        lastError: words,
        result: null,
        ...(!isOver && { nextAt: new Date(now().getTime() + this.#waitMs(item.attempts)) }),
      });
      log.warn(
        { action: 'outbox.failed', kind: item.kind, itemId: item.id, attempt: item.attempts, isOver, error },
        'not sent',
      );
      if (isOver) await this.#tellDead(carrier, item, words);
    }
  }

  /** That nobody could be told must not hold up the others. */
  async #tellDead(carrier: Carrier, item: ClaimedItem, words: string): Promise<void> {
    try {
      await carrier.onDead(item, words);
    } catch (error) {
      this.#options.log.error({ action: 'outbox.onDead', kind: item.kind, itemId: item.id, error }, 'nobody was told');
    }
  }

  #waitMs(attempt: number): number {
    const wait = Math.min(firstWaitMs * 2 ** (attempt - 1), waitMsMax);
    return wait * (1 - jitter + 2 * jitter * this.#options.random());
  }

  #schedule(kind: string, afterMs: number): void {
    if (this.#closed) return;
    const timer = setTimeout(() => this.#rounds.set(kind, this.#work(kind)), afterMs);
    this.#timers.set(kind, timer);
  }

  async #work(kind: string): Promise<void> {
    let tried = 0;
    const { database, log, now } = this.#options;
    try {
      tried = await this.#sendKind(kind);
      if (now().getTime() - this.#purgedAt > purgeEveryMs) {
        this.#purgedAt = now().getTime();
        await purgeItems(database, now());
      }
    } catch (error) {
      // The database is away: what waits is still there when it comes back.
      log.warn({ action: 'outbox.stalled', error }, 'the outbox can not be read');
    }
    this.#schedule(kind, tried >= atOnce ? 0 : pollMs);
  }
}
