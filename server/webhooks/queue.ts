import type { HouseEvent } from '#server/contracts/events.ts';
import type { WebhookEvent } from '#server/contracts/outbox.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Outbox } from '#server/platform/outbox.ts';
import type { Database } from '#server/platform/transaction.ts';

import type { WebhookMessage } from './delivery.ts';
import { webhookEventOf } from './event-of.ts';
import * as store from './store.ts';

const endpointsForMs = 5000;
/** Events that wait to be written down; more are counted and let go. */
const queueMax = 1000;

interface Options {
  database: Database;
  events: Pick<Events, 'onPublished'>;
  outbox: Pick<Outbox, 'put'>;
  log: Logger;
  now: () => Date;
}

/** Writes events down for the endpoints that want them, one after the other. */
export class WebhookQueue {
  readonly #options: Options;
  #endpoints: { rows: store.EndpointRow[]; until: number } | null = null;
  #work: Promise<void> = Promise.resolve();
  #queued = 0;
  #dropped = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Of what this process publishes. Returns how to stop. */
  start(): () => void {
    return this.#options.events.onPublished((event) => {
      if (this.#queued >= queueMax) {
        this.#dropped += 1;
        return;
      }
      this.#queued += 1;
      this.#work = this.#work
        .then(() => this.#enqueue(event))
        .catch((error: unknown) =>
          this.#options.log.error({ action: 'webhook.notQueued', type: event.type, error }, 'an event was not queued'),
        )
        .finally(() => {
          this.#queued -= 1;
        });
    });
  }

  /** Resolves when what came so far is written down. */
  settled(): Promise<void> {
    return this.#work;
  }

  /** Endpoints have changed. */
  forget(): void {
    this.#endpoints = null;
  }

  put(endpoint: store.EndpointRow, type: WebhookEvent, data: Record<string, unknown>): Promise<string> {
    const { database, outbox, now } = this.#options;
    const payload: WebhookMessage = { endpointId: endpoint.id, type, timestamp: now().toISOString(), data };
    const summary = { event: type, endpointId: endpoint.id, url: new URL(endpoint.url).origin };
    return outbox.put(database, { kind: 'webhook', summary, payload });
  }

  async #enqueue(event: HouseEvent): Promise<void> {
    const told = webhookEventOf(event);
    if (!told) return;
    const wanting = (await this.#known()).filter(
      ({ enabled, events }) => enabled && (events.length === 0 || events.includes(told.type)),
    );
    for (const endpoint of wanting) await this.put(endpoint, told.type, told.data);
  }

  async #known(): Promise<store.EndpointRow[]> {
    const now = performance.now();
    if (!this.#endpoints || this.#endpoints.until < now)
      this.#endpoints = { rows: await store.list(this.#options.database), until: now + endpointsForMs };
    return this.#endpoints.rows;
  }
}
