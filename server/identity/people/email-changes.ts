import type { z } from 'zod';

import type { changeEmailInput } from '#server/contracts/account.ts';
import type { UserActor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { inTransaction, type Database, type Rows } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import { endSignIns, tellEnded } from './endings.ts';
import { hourMs, minuteMs, type Letters } from './letters.ts';
import { hashToken } from './links.ts';
import { assertOwnHands, type RequireProof } from './proofs.ts';
import { linkIsOver, normalEmail, resetMinutes } from './sign-ups.ts';
import * as store from './store.ts';

const confirmHours = 24;
const undoHours = 72;

interface Options {
  database: Database;
  events: Events;
  letters: Letters;
  requireProof: RequireProof;
  activity: Pick<ActivityService, 'tell'>;
  now: () => Date;
}

/** How an account gets another address: the new one confirms, the old one can take it back for three days. */
export class EmailChanges {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The address stays until the link in the mail to the new one is opened. Of an address that has an account its holder is told, not the asker. */
  async ask(
    actor: UserActor,
    { email: given, proof }: z.infer<typeof changeEmailInput>,
    from: { ip: string | null },
  ): Promise<void> {
    const { database, letters, now, requireProof } = this.#options;
    assertOwnHands(actor);
    await requireProof(actor, proof, from);
    const email = normalEmail(given);
    const at = now();
    await inTransaction(database, async (rows) => {
      const person = await store.lockPerson(rows, actor.userId);
      if (!person) throw linkIsOver();
      if (email === person.email)
        throw new AppError('BAD_REQUEST', {
          message: 'this is the address already',
          details: { reason: 'sameEmail', fields: [{ path: 'email', message: 'this is the address already' }] },
        });
      if (!(await letters.mayLink(rows, person.id, 'undoEmail')))
        throw new AppError('TOO_MANY_REQUESTS', {
          message: 'the address was to be changed three times within an hour',
          details: { retryAfterSeconds: hourMs / 1000 },
        });
      const holder = await store.findOwn(rows, { email });
      if (holder && !letters.leave) throw emailTaken();
      // The last wish counts.
      await store.voidLinks(rows, person.id, ['changeEmail'], at);
      const userId = person.id;
      const validMs = confirmHours * hourMs;
      // Made in any case: what waits is shown to the asker alike.
      const { link } = await letters.newLink(rows, { kind: 'changeEmail', userId, email, validMs });
      if (holder) await letters.send(rows, holder, { kind: 'emailTaken' });
      else await letters.send(rows, { ...person, email }, { kind: 'confirmNewEmail', link, hours: confirmHours });
      await this.#offerUndo(rows, person, { kind: 'emailChangeAsked', email });
    });
    noteChange({ object: { type: 'user', id: actor.userId } });
  }

  /** Whoever asked for it thinks again: the link in the mail to the new address opens nothing any more. What the old address was offered stays. */
  async cancel(actor: UserActor): Promise<void> {
    const { database, now } = this.#options;
    assertOwnHands(actor);
    const at = now();
    const pending = await inTransaction(database, async (rows) => {
      const person = await store.lockPerson(rows, actor.userId);
      if (!person) throw linkIsOver();
      const waiting = await store.findPendingEmail(rows, person.id, at);
      await store.voidLinks(rows, person.id, ['changeEmail'], at);
      return waiting;
    });
    noteChange({
      object: { type: 'user', id: actor.userId },
      before: { pendingEmail: pending },
      after: { pendingEmail: null },
    });
  }

  async confirm(token: string): Promise<void> {
    const { activity, database, events, letters, now } = this.#options;
    const at = now();
    const { id, name } = await inTransaction(database, async (rows) => {
      const link = await store.takeLink(rows, { tokenHash: hashToken(token), kind: 'changeEmail', now: at });
      const person = link && (await store.lockPerson(rows, link.userId));
      if (!person || link.email === null) throw linkIsOver();
      const email = link.email;
      if (await store.findOwn(rows, { email })) throw emailTaken();
      // Links that went to the old mailbox open nothing any more, but for taking this back.
      await store.voidLinks(rows, person.id, ['changeEmail', 'confirmEmail', 'resetPassword'], at);
      await store.updatePerson(rows, person.id, { email, emailConfirmedAt: at });
      await this.#offerUndo(rows, person, { kind: 'emailChanged', email });
      await letters.send(rows, { ...person, email }, { kind: 'emailIsNow' });
      await activity.tell(rows, { userId: person.id, kind: 'email.changed', href: '/account' });
      return person;
    }).catch(refuseTaken);
    noteChange({ object: { type: 'user', id }, person: { id, name } });
    tellEnded(events, id, { sessions: [], families: [] });
  }

  /**
   * By the mailbox of the old address: whoever changed it is out. The password, which they know, is gone too, with what was added to the account in
   * these three days; the answer is a token by which the next password is set.
   */
  async undo(token: string): Promise<{ resetToken: string }> {
    const { database, events, letters, now } = this.#options;
    const at = now();
    const { id, name, ended, resetToken } = await inTransaction(database, async (rows) => {
      const link = await store.takeLink(rows, { tokenHash: hashToken(token), kind: 'undoEmail', now: at });
      const person = link && (await store.lockPerson(rows, link.userId));
      if (!person || link.email === null) throw linkIsOver();
      const { userId, email } = { userId: person.id, email: link.email };
      const holder = await store.findOwn(rows, { email });
      if (holder && holder.id !== userId) throw emailTaken();
      // The other offers to undo as well: one that a thief's change sent to the thief's address would bring that back.
      await store.voidLinks(rows, userId, ['changeEmail', 'confirmEmail', 'resetPassword', 'undoEmail'], at);
      await store.updatePerson(rows, userId, {
        email,
        emailConfirmedAt: at,
        passwordHash: null,
        passwordSetAt: null,
      });
      const signedOut = await endSignIns(rows, { userId, keep: null, at, reason: 'emailUndone' });
      // A thief leaves a passkey or a key behind: what was added in the time that can be taken back is taken back.
      const since = new Date(at.getTime() - undoHours * hourMs);
      const keys = await store.dropAddedSince(rows, { userId, since, at });
      const validMs = resetMinutes * minuteMs;
      const reset = await letters.newLink(rows, { kind: 'resetPassword', userId, email, validMs });
      await letters.send(rows, { ...person, email }, { kind: 'emailChangeUndone' });
      return { id: userId, name: person.name, ended: { ...signedOut, keys }, resetToken: reset.token };
    }).catch(refuseTaken);
    noteChange({ object: { type: 'user', id }, person: { id, name } });
    tellEnded(events, id, ended);
    return { resetToken };
  }

  /** Tells the address that the account has (still), with a way back to it. */
  async #offerUndo(
    rows: Rows,
    person: store.OwnRow,
    told: { kind: 'emailChangeAsked' | 'emailChanged'; email: string },
  ): Promise<void> {
    const { letters } = this.#options;
    const validMs = undoHours * hourMs;
    const { link } = await letters.newLink(rows, {
      kind: 'undoEmail',
      userId: person.id,
      email: person.email,
      validMs,
    });
    await letters.send(rows, person, { ...told, link, hours: undoHours });
  }
}

function emailTaken(cause?: unknown): AppError {
  return new AppError('CONFLICT', { message: 'this address has an account', details: { reason: 'emailTaken' }, cause });
}

/** Of two accounts that take one address side by side the database lets one. */
function refuseTaken(error: unknown): never {
  throw store.isTaken(error) ? emailTaken(error) : error;
}
