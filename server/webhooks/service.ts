import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';

import type { Actor } from '#server/contracts/identity.ts';
import {
  webhookEvent,
  type outboxQuery,
  type OutboxRow,
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
import type { Outbox, OutboxKind } from '#server/platform/outbox.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import { inTransaction, takeTurn, type Database } from '#server/platform/transaction.ts';

import type { WebhookMessage } from './delivery.ts';
import { WebhookQueue } from './queue.ts';
import { EndpointSecrets } from './secrets.ts';
import { WebhookSender } from './sender.ts';
import * as store from './store.ts';

const endpointsMax = 50;
/** The secret before goes on signing this long. */
const rotationMs = 24 * 3_600_000;
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
  readonly #secrets: EndpointSecrets;
  readonly #queue: WebhookQueue;
  readonly #sender: WebhookSender;

  constructor(options: Options) {
    const { isAllowed } = options;
    const now = options.now ?? (() => new Date());
    this.#options = { ...options, now };
    this.#secrets = new EndpointSecrets(options.sealer);
    this.#queue = new WebhookQueue({ ...options, log: options.log.child({ component: 'webhooks' }), now });
    this.#sender = new WebhookSender({
      ...options,
      secrets: this.#secrets,
      isAllowed,
      onChanged: () => this.#queue.forget(),
      now,
    });
  }

  /** Events that came faster than they could be written down. */
  get dropped(): number {
    return this.#queue.dropped;
  }

  /** Writes down what this process publishes for every endpoint that wants it. Returns how to stop. */
  start(): () => void {
    return this.#queue.start();
  }

  /** Waits for what is being written down. */
  async close(): Promise<void> {
    await this.#queue.settled();
    await this.#sender.close();
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
    const id = uuidv7();
    const secret = this.#secrets.make();
    const made = { ...input, id, ownerId: actor.userId, sealedSecret: this.#secrets.seal(secret, id) };
    const row = await inTransaction(database, async (rows) => {
      await takeTurn(rows, 'webhooks');
      if ((await store.count(rows)) >= endpointsMax)
        throw new AppError('CONFLICT', {
          message: `there are ${endpointsMax} webhooks at most`,
          details: { reason: 'full' },
        });
      return store.insert(rows, made);
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
    const secret = this.#secrets.make();
    const row = await store.replaceSecret(database, id, {
      sealedSecret: this.#secrets.seal(secret, id),
      sealedPreviousSecret: Uint8Array.from(kept.sealedSecret),
      previousUntil: new Date(now().getTime() + rotationMs),
    });
    this.#changed(row, {});
    return { webhook: toView(row), secret };
  }

  /** Sends an event `ping`, to see that it arrives. */
  async ping(actor: Actor, id: string): Promise<{ deliveryId: string }> {
    const row = await this.#find(actor, id, 'webhook:write');
    return { deliveryId: await this.#queue.put(row, 'ping', {}) };
  }

  async deliveries(
    actor: Actor,
    query: Omit<z.infer<typeof outboxQuery>, 'kind'>,
  ): Promise<{ items: OutboxRow[]; nextCursor: string | null }> {
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
    return this.#sender.kind();
  }

  async #find(actor: Actor, id: string, permission: 'webhook:write'): Promise<store.EndpointRow> {
    this.#options.identity.authorize(actor, permission);
    const row = await store.find(this.#options.database, id);
    if (!row) throw notThere(id);
    return row;
  }

  #changed(row: store.EndpointRow, note: { before?: unknown; after?: unknown }): void {
    this.#queue.forget();
    noteChange({ object: { type: 'webhook', id: row.id }, ...note });
  }
}

/** Addresses of webhooks are often secrets themselves: their origin is enough to know which. */
function auditOf({ url, events, enabled, description }: store.EndpointRow) {
  return { origin: new URL(url).origin, events, enabled, description };
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
