import type { z } from 'zod';

import type { changePasswordInput, resetInput } from '#server/contracts/account.ts';
import type { UserActor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { inTransaction, type Database, type Rows } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import { assertNotCommon, hashPassword } from '../passwords.ts';
import { accountKey } from '../sign-in/locks.ts';
import { forgetTries } from '../sign-in/store.ts';
import { endSignIns, tellEnded } from './endings.ts';
import { minuteMs, type Letters } from './letters.ts';
import { hashToken } from './links.ts';
import { assertOwnHands, type RequireProof } from './proofs.ts';
import { alike, linkIsOver, normalEmail, resetMinutes } from './sign-ups.ts';
import * as store from './store.ts';

interface Options {
  database: Database;
  events: Events;
  letters: Letters;
  requireProof: RequireProof;
  activity: Pick<ActivityService, 'tell'>;
  now: () => Date;
}

/** How a password comes to be another one. Whoever came in by the old one is out. */
export class PasswordChanges {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Sends a link, three an hour at most. Says nothing about who has an account, neither in words nor in time. */
  async requestReset(given: string): Promise<void> {
    const { database, letters } = this.#options;
    const kind = 'resetPassword';
    const email = normalEmail(given);
    await alike(
      inTransaction(database, async (rows) => {
        const found = await store.findOwn(rows, { email });
        const person = found && (await store.lockPerson(rows, found.id));
        if (!person || person.email !== email || person.lockedAt) return;
        if (!(await letters.mayLink(rows, person.id, kind))) return;
        const validMs = resetMinutes * minuteMs;
        const { link } = await letters.newLink(rows, { kind, userId: person.id, email, validMs });
        await letters.send(rows, person, { kind, link, minutes: resetMinutes });
      }),
    );
  }

  /** Signs nobody in: a second factor is still asked for. */
  async reset({ token, password }: z.infer<typeof resetInput>, from: { ip: string | null }): Promise<void> {
    const { database, now } = this.#options;
    const query = { tokenHash: hashToken(token), kind: 'resetPassword' };
    // Before the slow part, so that nobody keeps us hashing without a link; what counts is looked at again below.
    const offered = await store.findLink(database, { ...query, now: now() });
    const holder = offered && (await store.findOwn(database, { id: offered.userId }));
    if (!holder) throw linkIsOver();
    assertNotCommon(password, [holder.email, holder.name, holder.userName]);
    const passwordHash = await hashPassword(password);
    const at = now();
    const { person, ended: signedOut } = await inTransaction(database, async (rows) => {
      const link = await store.takeLink(rows, { ...query, now: at });
      const found = link && (await store.lockPerson(rows, link.userId));
      // The address may have changed since: then its mailbox opens this account no more.
      if (!found || found.email !== link.email) throw linkIsOver();
      // Whoever opened the link has the mailbox.
      if (!found.emailConfirmedAt) await store.updatePerson(rows, found.id, { emailConfirmedAt: at });
      // Nobody had shown until now that the address is theirs: whoever used the account before must not get in beside its holder.
      const keys = found.emailConfirmedAt
        ? []
        : await store.dropWaysIn(rows, { userId: found.id, since: new Date(0), at });
      // They have shown who they are: what others tried in vain no longer keeps them out.
      await forgetTries(rows, accountKey(found.email));
      const ended = await this.#set(rows, found, { passwordHash, at, keep: null, ip: from.ip });
      return { person: found, ended: { ...ended, keys } };
    });
    const { id, name } = person;
    noteChange({ object: { type: 'user', id }, details: { by: 'link' }, person: { id, name } });
    tellEnded(this.#options.events, person.id, signedOut);
  }

  /** By the current password, or by a sign-in of the last ten minutes. The session that asks goes on. */
  async change(
    actor: UserActor,
    { current, next, code }: z.infer<typeof changePasswordInput>,
    from: { ip: string | null },
  ): Promise<void> {
    const { database, events, now, requireProof } = this.#options;
    assertOwnHands(actor);
    await requireProof(actor, { password: current, code }, from);
    assertNotCommon(next, [actor.email, actor.name]);
    const passwordHash = await hashPassword(next);
    const keep = actor.credential.kind === 'session' ? actor.credential.id : null;
    const ended = await inTransaction(database, async (rows) => {
      const person = await store.lockPerson(rows, actor.userId);
      if (!person) throw new AppError('UNAUTHENTICATED', { message: 'the account is gone' });
      return this.#set(rows, person, { passwordHash, at: now(), keep, ip: from.ip });
    });
    noteChange({ object: { type: 'user', id: actor.userId }, details: { by: 'oneself' } });
    tellEnded(events, actor.userId, ended);
  }

  async #set(
    rows: Rows,
    person: store.OwnRow,
    { passwordHash, at, keep, ip }: { passwordHash: string; at: Date; keep: string | null; ip: string | null },
  ) {
    const { activity, letters } = this.#options;
    await store.updatePerson(rows, person.id, { passwordHash, passwordSetAt: at });
    await store.voidLinks(rows, person.id, ['resetPassword'], at);
    const ended = await endSignIns(rows, { userId: person.id, keep, at, reason: 'password' });
    await letters.send(rows, person, { kind: 'passwordChanged', at, ip });
    await activity.tell(rows, { userId: person.id, kind: 'password.changed', href: '/account' });
    return ended;
  }
}
