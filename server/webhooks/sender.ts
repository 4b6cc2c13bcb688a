import type { Dispatcher } from 'undici';

import type { ActivityService } from '#server/identity/activity/service.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { Undeliverable, type OutboxKind } from '#server/platform/outbox.ts';
import { createPublicAgent } from '#server/platform/public-agent.ts';
import type { Database } from '#server/platform/transaction.ts';

import { deliver, EndpointGone, webhookMessage, type WebhookMessage } from './delivery.ts';
import type { EndpointSecrets } from './secrets.ts';
import * as store from './store.ts';

interface Options {
  database: Database;
  identity: Pick<IdentityService, 'isAllowed' | 'personActor'>;
  activity: Pick<ActivityService, 'tell'>;
  secrets: EndpointSecrets;
  /** Which addresses may be sent to besides public ones. */
  isAllowed: ((address: string) => boolean) | undefined;
  /** An endpoint was turned off. */
  onChanged: () => void;
  now: () => Date;
}

/** How the outbox sends what was written down: signed, by whoever may still have webhooks, to addresses of the open internet. */
export class WebhookSender {
  readonly #options: Options;
  #agent: Promise<Dispatcher> | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  kind(): OutboxKind<WebhookMessage> {
    const { database, activity } = this.#options;
    return {
      name: 'webhook',
      payload: webhookMessage,
      deliver: async (message, { id }) => this.#deliver(message, id),
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

  async close(): Promise<void> {
    await (await this.#agent)?.destroy();
  }

  async #deliver(message: WebhookMessage, id: string) {
    const { database, secrets, now, onChanged } = this.#options;
    const endpoint = await store.findSecrets(database, message.endpointId);
    if (!endpoint?.enabled) throw new EndpointGone('the webhook was turned off or removed');
    if (!(await this.#ownerMay(endpoint))) throw new Undeliverable('its owner may not have webhooks any more');
    const signing = [secrets.open(endpoint.sealedSecret, endpoint.id)];
    if (endpoint.sealedPreviousSecret && endpoint.previousUntil && endpoint.previousUntil > now())
      signing.push(secrets.open(endpoint.sealedPreviousSecret, endpoint.id));
    try {
      return await deliver({ url: endpoint.url, secrets: signing, id, message }, await this.#dispatcher());
    } catch (error) {
      if (error instanceof EndpointGone) {
        await store.disable(database, endpoint.id);
        onChanged();
      }
      throw error;
    }
  }

  /** Who was locked, has gone or lost the permission is told nothing more. */
  async #ownerMay({ id, ownerId }: store.EndpointRow): Promise<boolean> {
    const { identity } = this.#options;
    const owner = await identity.personActor(ownerId, { credential: { kind: 'key', id }, scope: null });
    return owner !== null && identity.isAllowed(owner, 'webhook:write');
  }

  #dispatcher(): Promise<Dispatcher> {
    const { isAllowed } = this.#options;
    return (this.#agent ??= createPublicAgent(isAllowed ? { isAllowed } : {}));
  }
}
