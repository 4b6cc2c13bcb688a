import { setTimeout as sleep } from 'node:timers/promises';

import { v7 as uuidv7 } from 'uuid';

import type { SignUpAnswer, SignUpInput } from '#server/contracts/account.ts';
import { userId as userIdOf } from '#server/contracts/ids.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { readSetting } from '#server/platform/settings.ts';
import { inTransaction, type Database, type Rows } from '#server/platform/transaction.ts';

import { firstUserName } from '../first-user-name.ts';
import type { InvitationsService } from '../invitations/service.ts';
import { assertNotCommon, hashPassword } from '../passwords.ts';
import { dayMs, minuteMs, type Letters } from './letters.ts';
import { hashToken } from './links.ts';
import * as store from './store.ts';

export const confirmDays = 7;
export const resetMinutes = 30;
/** An answer that must not tell whether there was anything to do takes this long at least. */
const alikeMs = 200;

type Invitation = Awaited<ReturnType<InvitationsService['forAddress']>>;

interface Options {
  database: Database;
  events: Events;
  letters: Letters;
  invitations: InvitationsService;
  now: () => Date;
}

/** How accounts come to be, and how their address is confirmed. */
export class SignUps {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Where mail leaves the house the answer is alike for an address that has an account: its holder is told by mail. Where none does, nothing could
   * reach that person, so a taken address is told, and an account can be used before its address is confirmed.
   */
  async signUp(input: SignUpInput): Promise<SignUpAnswer> {
    const { database, events, invitations, letters, now } = this.#options;
    const email = normalEmail(input.email);
    const invitation = await this.#admit(input, email);
    const id = uuidv7();
    const userName = input.userName ?? firstUserName(input.name, id);
    assertNotCommon(input.password, [email, input.name, userName]);
    if (await store.hasUserName(database, userName, null)) throw userNameTaken();
    const passwordHash = await hashPassword(input.password);
    const at = now();
    const isConfirmed = invitation?.email === email;
    const isMade = await inTransaction(database, async (rows) => {
      if (letters.leave) await store.deleteUnconfirmed(rows, new Date(at.getTime() - confirmDays * dayMs));
      const person = { id, email, userName, name: input.name, passwordHash, passwordSetAt: at, createdAt: at };
      const locale = input.locale ?? null;
      const isNew = await store.insertPerson(rows, { ...person, locale, emailConfirmedAt: isConfirmed ? at : null });
      if (!isNew) {
        await this.#answerTaken(rows, email, { isInvited: isConfirmed });
        return false;
      }
      if (invitation) await invitations.take(rows, { id: invitation.id, usedBy: id });
      const roleIds = await this.#giveRoles(rows, id, invitation);
      if (!isConfirmed) await this.#sendConfirmation(rows, { id, email, locale, timeZone: null });
      noteChange({
        object: { type: 'user', id },
        after: { name: input.name, userName, roleIds },
        person: { id, name: input.name },
      });
      return true;
    });
    if (isMade) events.publish({ type: 'user.created', userId: userIdOf.parse(id) });
    return { status: isConfirmed || !letters.leave ? 'made' : 'checkMail' };
  }

  /** Sends the link again, three times an hour at most. Says nothing about who has an account. */
  async resendConfirmation(given: string): Promise<void> {
    await alike(
      inTransaction(this.#options.database, async (rows) => {
        const found = await store.findOwn(rows, { email: normalEmail(given) });
        const person = found && (await store.lockPerson(rows, found.id));
        if (person && !person.emailConfirmedAt) await this.#sendConfirmation(rows, person);
      }),
    );
  }

  async confirmEmail(token: string): Promise<void> {
    const { database, events, now } = this.#options;
    const at = now();
    const { id, name } = await inTransaction(database, async (rows) => {
      const link = await store.takeLink(rows, { tokenHash: hashToken(token), kind: 'confirmEmail', now: at });
      const person = link && (await store.lockPerson(rows, link.userId));
      if (!person || person.email !== link.email) throw linkIsOver();
      if (!person.emailConfirmedAt) await store.updatePerson(rows, person.id, { emailConfirmedAt: at });
      await store.voidLinks(rows, person.id, ['confirmEmail'], at);
      return person;
    });
    noteChange({ object: { type: 'user', id }, person: { id, name } });
    events.publish({ type: 'user.changed', userId: userIdOf.parse(id) });
  }

  /** Throws where this person may not make an account. */
  async #admit({ invitation }: SignUpInput, email: string): Promise<Invitation | null> {
    const { database, invitations } = this.#options;
    const mode = await readSetting(database, 'signUp');
    if (mode === 'closed') throw notAdmitted('closed');
    if (invitation !== undefined) return invitations.forAddress(invitation, email);
    if (mode === 'invitation') throw notAdmitted('invitation');
    return null;
  }

  async #giveRoles(rows: Rows, userId: string, invitation: Invitation | null): Promise<string[]> {
    const byDefault = await readSetting(rows, 'signUpRole');
    const roleIds = invitation?.roleIds ?? [byDefault].filter((id) => id !== '' && id !== 'owner');
    const grantedBy = invitation?.createdBy ?? null;
    return store.giveRoles(rows, { userId, roleIds, grantedBy, newId: uuidv7 });
  }

  async #answerTaken(rows: Rows, email: string, { isInvited }: { isInvited: boolean }): Promise<void> {
    const { letters } = this.#options;
    const found = await store.findOwn(rows, { email });
    if (!found) throw userNameTaken();
    // An invitation by this address's own mail proves who is asking.
    if (isInvited || !letters.leave)
      throw new AppError('CONFLICT', { message: 'this address has an account', details: { reason: 'emailTaken' } });
    const holder = await store.lockPerson(rows, found.id);
    if (!holder) return;
    if (!holder.emailConfirmedAt) return this.#sendConfirmation(rows, holder);
    if (!(await letters.mayLink(rows, holder.id, 'resetPassword'))) return;
    const validMs = resetMinutes * minuteMs;
    const { link } = await letters.newLink(rows, { kind: 'resetPassword', userId: holder.id, email, validMs });
    await letters.send(rows, holder, { kind: 'alreadyHere', link, minutes: resetMinutes });
  }

  async #sendConfirmation(
    rows: Rows,
    person: { id: string; email: string; locale: string | null; timeZone: string | null },
  ): Promise<void> {
    const { letters } = this.#options;
    const kind = 'confirmEmail';
    const { id: userId, email } = person;
    if (!(await letters.mayLink(rows, userId, kind))) return;
    const { link } = await letters.newLink(rows, { kind, userId, email, validMs: confirmDays * dayMs });
    await letters.send(rows, person, { kind, link, days: confirmDays });
  }
}

export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Not sooner than others, whatever there was to do. */
export async function alike<T>(work: Promise<T>): Promise<T> {
  const [value] = await Promise.all([work, sleep(alikeMs)]);
  return value;
}

export function linkIsOver(): AppError {
  return new AppError('GONE', { message: 'the link was used, or its time is over' });
}

export function userNameTaken(): AppError {
  return new AppError('CONFLICT', {
    message: 'this user name is taken',
    details: { reason: 'userNameTaken', fields: [{ path: 'userName', message: 'this user name is taken' }] },
  });
}

function notAdmitted(reason: 'closed' | 'invitation'): AppError {
  const message = reason === 'closed' ? 'nobody makes accounts here' : 'an invitation is needed';
  return new AppError('FORBIDDEN', { message, details: { reason } });
}
