import type { z } from 'zod';

import type { Actor } from '#server/contracts/identity.ts';
import type { mailContent, outboxQuery, OutboxRow } from '#server/contracts/outbox.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import { mail } from '#server/platform/mail.ts';
import { listOutbox, openOutboxItem, retryOutbox } from '#server/platform/outbox-list.ts';
import { countDead } from '#server/platform/outbox-rows.ts';
import type { Outbox } from '#server/platform/outbox.ts';
import type { Database } from '#server/platform/transaction.ts';

import { holdsAll, isOwner, standsAbove } from '../access/standing.ts';
import { permissionsOf } from '../actor-of.ts';
import type { IdentityService } from '../service.ts';
import * as store from './store.ts';

interface Options {
  database: Database;
  outbox: Outbox;
  identity: Pick<IdentityService, 'authorize'>;
  now?: () => Date;
}

/** Mail that left, waits, or is kept because no server to send it by was given. */
export class MailService {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Whether mail leaves this house. */
  get leaves(): boolean {
    return !this.#options.outbox.keeps('mail');
  }

  /** Mails of the last day that were given up. */
  givenUp(): Promise<number> {
    const { database, now = () => new Date() } = this.#options;
    return countDead(database, { kind: 'mail', since: new Date(now().getTime() - 86_400_000) });
  }

  async list(
    actor: Actor,
    query: Omit<z.infer<typeof outboxQuery>, 'kind' | 'endpointId'>,
  ): Promise<{ items: OutboxRow[]; nextCursor: string | null; leaves: boolean }> {
    this.#options.identity.authorize(actor, 'outbox:view');
    return { ...(await listOutbox(this.#options.database, { ...query, kind: 'mail' })), leaves: this.leaves };
  }

  /** The whole of a mail, for the admin who hands it over. It may hold a link that opens an account: nobody reads one to who holds more than they do. */
  async read(actor: Actor, id: string): Promise<z.infer<typeof mailContent>> {
    const { database, identity, outbox } = this.#options;
    identity.authorize(actor, 'outbox:write');
    const letter = mail.parse(await openOutboxItem(database, outbox, { id, kind: 'mail' }));
    if (actor.type !== 'system') await this.#mustStandAbove(actor, letter.to);
    noteChange({ object: { type: 'mail', id }, details: { to: letter.to, subject: letter.subject } });
    return letter;
  }

  async #mustStandAbove(actor: Actor, address: string): Promise<void> {
    const { database, now = () => new Date() } = this.#options;
    for (const holder of await store.holdersBehind(database, address)) {
      if (standsAbove(actor, holder)) continue;
      throw isOwner(holder)
        ? refused('owner', 'mail to an owner is read by owners')
        : refused('moreThanHeld', 'mail to who holds more is not read');
    }
    for (const { id, permissions } of await store.invitedRoles(database, address, now()))
      if (!holdsAll(actor, permissionsOf(id, permissions)))
        throw refused('moreThanHeld', 'an invitation to more than one holds is not read');
  }

  /** Sends it again from the start, or for the first time once a server was given. */
  async retry(actor: Actor, id: string): Promise<void> {
    const { database, identity, now = () => new Date() } = this.#options;
    identity.authorize(actor, 'outbox:write');
    if (!this.leaves)
      throw new AppError('CONFLICT', {
        message: 'no mail server was given (SMTP_URL)',
        details: { reason: 'noServer' },
      });
    await retryOutbox(database, { id, kind: 'mail', now: now() });
    noteChange({ object: { type: 'mail', id } });
  }
}

function refused(reason: 'owner' | 'moreThanHeld', message: string): AppError {
  return new AppError('FORBIDDEN', { message, details: { reason } });
}
