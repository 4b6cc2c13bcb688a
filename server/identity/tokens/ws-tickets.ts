import type { z } from 'zod';

import type { Actor } from '#server/contracts/identity.ts';
import type { wsTicket } from '#server/contracts/tokens.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Database } from '#server/platform/transaction.ts';

import { holder, holderOf, type Holder } from './holder.ts';
import { makeSecret, sha256 } from './secrets.ts';
import * as store from './store.ts';

const ticketMs = 30_000;

/** Let a browser open one WebSocket, whose request can't carry a header of ours. */
export class WsTickets {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(options: { database: Database; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  async issue(actor: Actor): Promise<z.infer<typeof wsTicket>> {
    if (actor.type === 'anonymous' || actor.type === 'system')
      throw new AppError('UNAUTHENTICATED', { message: 'a ticket stands for somebody' });
    const at = this.#now();
    const ticket = makeSecret('snw');
    const expiresAt = new Date(at.getTime() + ticketMs);
    await store.dropTickets(this.#database, at);
    await store.insertTicket(this.#database, { tokenHash: sha256(ticket), holder: holderOf(actor), expiresAt });
    return { ticket, expiresAt: expiresAt.toISOString() };
  }

  /** Uses it up. Null where there is none, or it came too late. */
  async redeem(ticket: string): Promise<Holder | null> {
    const taken = await store.takeTicket(this.#database, sha256(ticket));
    return taken && taken.expiresAt > this.#now() ? holder.parse(taken.holder) : null;
  }
}
