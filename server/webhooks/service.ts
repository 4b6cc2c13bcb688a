import { randomBytes } from 'node:crypto';

import type { Dispatcher } from 'undici';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';

import type { HouseEvent } from '#server/contracts/events.ts';
import type { Actor } from '#server/contracts/identity.ts';
import {
  webhookEvent,
  type outboxQuery,
  type OutboxRow,
  type WebhookEvent,
  type webhookInput,
  type webhookView,
} from '#server/contracts/outbox.ts';
import type { ActivityService } from '#server/identity/activity/service.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import { listOutbox, retryOutbox } from '#server/platform/outbox-list.ts';
import { Undeliverable, type Outbox, type OutboxKind } from '#server/platform/outbox.ts';
import { createPublicAgent } from '#server/platform/public-agent.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import type { Database } from '#server/platform/transaction.ts';

import { deliver, EndpointGone, webhookMessage, type WebhookMessage } from './delivery.ts';
import { webhookEventOf } from './event-of.ts';
import * as store from './store.ts';

const endpointsMax = 50;
/** The secret before goes on signing this long. */
const rotationMs = 24 * 3_600_000;
const endpointsForMs = 5000;
/** Events that wait to be written down; more are counted and let go. */
const queueMax = 1000;
const replayMax = 500;

type WebhookView = z.infer<typeof webhookView>;

interface Options {
  database: Database;
  events: Events;
  outbox: Outbox;
  sealer: Sealer;
  identity: Pick<IdentityService, 'authorize' | 'isAllowed' | 'personActor'>;
  activity: Pick<ActivityService, 'tell'>;
  log: Logger;
  /** Which addresses may be sent to besides public ones. */
  isAllowed?: (address: string) => boolean;
  now?: () => Date;
}

/** Tells other systems what happens here: endpoints, their secrets, and what was sent to them. */
export class WebhooksService {
  readonly #options: Options & { now: () => Date };
  #endpoints: { rows: store.EndpointRow[]; until: number } | null = null;
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  #dropped = 0;
  #agent: Promise<Dispatcher> | null = null;

  constructor(options: Options) {
    this.#options = {
      ...options,
      log: options.log.child({ component: 'webhooks' }),
      now: options.now ?? (() => new Date()),
    };
  }

  /** Events that came faster than they could be written down. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Writes down what this process publishes for every endpoint that wants it. Returns how to stop. */
  start(): () => void {
    return this.#options.events.onPublished((event) => {
      if (this.#queued >= queueMax) {
        this.#dropped += 1;
        return;
      }
      this.#queued += 1;
      this.#queue = this.#queue
        .then(() => this.#enqueue(event))
        .catch((error: unknown) =>
          this.#options.log.error({ action: 'webhook.notQueued', type: event.type, error }, 'an event was not queued'),
        )
        .finally(() => {
          this.#queued -= 1;
        });
    });
  }

  /** Waits for what is being written down. */
  async close(): Promise<void> {
    await this.#queue;
    await (await this.#agent)?.destroy();
  }

  async list(actor: Actor): Promise<WebhookView[]> {
    const { database, identity, now } = this.#options;
    identity.authorize(actor, 'webhook:view');
    const since = new Date(now().getTime() - 86_400_000);
    const [rows, counts] = await Promise.all([store.list(database), store.countDeliveries(database, since)]);
    const countOf = (id: string, state: string) =>
      counts.find((entry) => entry.endpointId === id && entry.state === state)?.count ?? 0;
    return rows.map((row) => toView(row, { sent: countOf(row.id, 'sent'), failed: countOf(row.id, 'dead') }));
  }

  async create(actor: Actor, input: z.infer<typeof webhookInput>): Promise<{ webhook: WebhookView; secret: string }> {
    const { database, identity } = this.#options;
    identity.authorize(actor, 'webhook:write');
    if (actor.type !== 'user') throw new AppError('FORBIDDEN', { message: 'a webhook belongs to a person' });
    if ((await store.count(database)) >= endpointsMax)
      throw new AppError('CONFLICT', {
        message: `there are ${endpointsMax} webhooks at most`,
        details: { reason: 'full' },
      });
    const id = uuidv7();
    const secret = newSecret();
    const row = await store.insert(database, {
      ...input,
      id,
      ownerId: actor.userId,
      sealedSecret: this.#seal(secret, id),
    });
    this.#changed(row, { after: auditOf(row) });
    return { webhook: toView(row), secret };
  }

  async update(actor: Actor, id: string, input: z.infer<typeof webhookInput>): Promise<WebhookView> {
    const before = await this.#find(actor, id, 'webhook:write');
    const row = await store.update(this.#options.database, id, input);
    this.#changed(row, { before: auditOf(before), after: auditOf(row) });
    return toView(row);
  }

  async remove(actor: Actor, id: string): Promise<void> {
    const before = await this.#find(actor, id, 'webhook:write');
    await store.remove(this.#options.database, id);
    this.#changed(before, { before: auditOf(before) });
  }

  /** A new secret; the one before signs as well for a day. */
  async rotateSecret(actor: Actor, id: string): Promise<{ webhook: WebhookView; secret: string }> {
    await this.#find(actor, id, 'webhook:write');
    const { database, now } = this.#options;
    const kept = await store.findSecrets(database, id);
    if (!kept) throw notThere(id);
    const secret = newSecret();
    const row = await store.replaceSecret(database, id, {
      sealedSecret: this.#seal(secret, id),
      sealedPreviousSecret: Uint8Array.from(kept.sealedSecret),
      previousUntil: new Date(now().getTime() + rotationMs),
    });
    this.#changed(row, {});
    return { webhook: toView(row), secret };
  }

  /** Sends an event `ping`, to see that it arrives. */
  async ping(actor: Actor, id: string): Promise<{ deliveryId: string }> {
    const row = await this.#find(actor, id, 'webhook:write');
    return { deliveryId: await this.#put(row, 'ping', {}) };
  }

  async deliveries(
    actor: Actor,
    query: Omit<z.infer<typeof outboxQuery>, 'kind'>,
  ): Promise<{ rows: OutboxRow[]; nextCursor: string | null }> {
    this.#options.identity.authorize(actor, 'webhook:view');
    return listOutbox(this.#options.database, { ...query, kind: 'webhook' });
  }

  async replay(actor: Actor, deliveryId: string): Promise<void> {
    this.#options.identity.authorize(actor, 'webhook:write');
    await retryOutbox(this.#options.database, { id: deliveryId, kind: 'webhook', now: this.#options.now() });
    noteChange({ object: { type: 'delivery', id: deliveryId } });
  }

  /** Everything that was given up for an endpoint, oldest first. */
  async replayDead(actor: Actor, id: string): Promise<{ replayed: number }> {
    const { database, now } = this.#options;
    const row = await this.#find(actor, id, 'webhook:write');
    const dead = await store.listDead(database, id, replayMax);
    for (const deliveryId of dead) await retryOutbox(database, { id: deliveryId, kind: 'webhook', now: now() });
    this.#changed(row, {});
    return { replayed: dead.length };
  }

  /** How the outbox sends them. */
  outboxKind(): OutboxKind<WebhookMessage> {
    const { database, activity, now } = this.#options;
    return {
      name: 'webhook',
      payload: webhookMessage,
      deliver: async (message, { id }) => {
        const endpoint = await store.findSecrets(database, message.endpointId);
        if (!endpoint?.enabled) throw new EndpointGone('the webhook was turned off or removed');
        if (!(await this.#ownerMay(endpoint))) throw new Undeliverable('its owner may not have webhooks any more');
        const secrets = [this.#open(endpoint.sealedSecret, endpoint.id)];
        if (endpoint.sealedPreviousSecret && endpoint.previousUntil && endpoint.previousUntil > now())
          secrets.push(this.#open(endpoint.sealedPreviousSecret, endpoint.id));
        try {
          return await deliver({ url: endpoint.url, secrets, id, message }, await this.#dispatcher());
        } catch (error) {
          if (error instanceof EndpointGone) {
            await store.disable(database, endpoint.id);
            this.#endpoints = null;
          }
          throw error;
        }
      },
      onDead: async (message, { error }) => {
        const endpoint = await store.find(database, message.endpointId);
        if (!endpoint) return;
        const data = { host: new URL(endpoint.url).host, event: message.type, error };
        await activity.tell(database, {
          userId: endpoint.ownerId,
          kind: 'webhook.dead',
          data,
          href: '/admin/webhooks',
        });
      },
    };
  }

  /** Who was locked, has gone or lost the permission is told nothing more. */
  async #ownerMay({ id, ownerId }: store.EndpointRow): Promise<boolean> {
    const { identity } = this.#options;
    const owner = await identity.personActor(ownerId, { credential: { kind: 'key', id }, scope: null });
    return owner !== null && identity.isAllowed(owner, 'webhook:write');
  }

  async #enqueue(event: HouseEvent): Promise<void> {
    const told = webhookEventOf(event);
    if (!told) return;
    const wanting = (await this.#known()).filter(
      ({ enabled, events }) => enabled && (events.length === 0 || events.includes(told.type)),
    );
    for (const endpoint of wanting) await this.#put(endpoint, told.type, told.data);
  }

  #put(endpoint: store.EndpointRow, type: WebhookEvent, data: Record<string, unknown>): Promise<string> {
    const { database, outbox, now } = this.#options;
    const payload: WebhookMessage = { endpointId: endpoint.id, type, timestamp: now().toISOString(), data };
    const summary = { event: type, endpointId: endpoint.id, url: new URL(endpoint.url).origin };
    return outbox.put(database, { kind: 'webhook', summary, payload });
  }

  async #known(): Promise<store.EndpointRow[]> {
    const now = performance.now();
    if (!this.#endpoints || this.#endpoints.until < now)
      this.#endpoints = { rows: await store.list(this.#options.database), until: now + endpointsForMs };
    return this.#endpoints.rows;
  }

  async #find(actor: Actor, id: string, permission: 'webhook:write'): Promise<store.EndpointRow> {
    this.#options.identity.authorize(actor, permission);
    const row = await store.find(this.#options.database, id);
    if (!row) throw notThere(id);
    return row;
  }

  #changed(row: store.EndpointRow, note: { before?: unknown; after?: unknown }): void {
    this.#endpoints = null;
    noteChange({ object: { type: 'webhook', id: row.id }, ...note });
  }

  #seal(secret: string, id: string): Uint8Array<ArrayBuffer> {
    return this.#options.sealer.seal(secret, `webhook ${id}`);
  }

  #open(sealed: Uint8Array, id: string): string {
    return this.#options.sealer.open(sealed, `webhook ${id}`);
  }

  #dispatcher(): Promise<Dispatcher> {
    const { isAllowed } = this.#options;
    return (this.#agent ??= createPublicAgent(isAllowed ? { isAllowed } : {}));
  }
}

/** Addresses of webhooks are often secrets themselves: their origin is enough to know which. */
function auditOf({ url, events, enabled, description }: store.EndpointRow) {
  return { origin: new URL(url).origin, events, enabled, description };
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

function notThere(id: string): AppError {
  return new AppError('NOT_FOUND', { message: `no webhook ${id}` });
}

function toView(
  row: store.EndpointRow,
  counts: { sent: number; failed: number } = { sent: 0, failed: 0 },
): WebhookView {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events.filter((type) => webhookEvent.safeParse(type).success),
    enabled: row.enabled,
    previousUntil: row.previousUntil?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    ...counts,
  };
}
