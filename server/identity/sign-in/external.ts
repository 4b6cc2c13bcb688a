import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

import type { OidcSignInInput } from '#server/contracts/account.ts';
import { displayName, emailAddress, type UserActor } from '#server/contracts/identity.ts';
import { userId } from '#server/contracts/ids.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import { readSetting } from '#server/platform/settings.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import { firstUserName } from '../first-user-name.ts';
import { insertUser } from '../store.ts';
import * as store from './store.ts';

const linkMs = 10 * 60_000;
const belongsTo = 'cookie link provider';
const intent = z.object({ userId: z.uuid(), until: z.number() });

interface Options {
  database: Database;
  events: Events;
  sealer: Sealer;
  now: () => Date;
}

type Outcome = { kind: 'signedIn'; person: store.CredentialRow } | { kind: 'linked' };

/** Accounts at an OIDC provider. Only what the provider calls the person by (issuer and subject) is believed: an e-mail address takes over no account. */
export class ExternalSignIn {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The cookie by which the way to the provider and back ends in a link, not in a sign-in. */
  linkCookie(actor: UserActor): { value: string; maxAgeSeconds: number } {
    const { sealer, now } = this.#options;
    const wish = JSON.stringify({ userId: actor.userId, until: now().getTime() + linkMs });
    return { value: Buffer.from(sealer.seal(wish, belongsTo)).toString('base64url'), maxAgeSeconds: linkMs / 1000 };
  }

  /** `actor`: who is signed in on this browser; a link needs them to be who asked for it. */
  async arrive(input: OidcSignInInput, actor: UserActor | null): Promise<Outcome> {
    const { database } = this.#options;
    const { issuer, subject } = input;
    const known = await store.findExternal(database, { issuer, subject });
    if (input.link !== null) {
      const wisher = this.#readLink(input.link);
      if (wisher === null || !actor || actor.userId !== wisher || actor.viewedBy !== null)
        throw refused('linkOver', 'the person who asked to link is not signed in any more');
      return this.#link({ issuer, subject, userId: wisher }, known);
    }
    if (known !== null) {
      const person = await store.findById(database, known);
      if (!person) throw refused('unknown', 'the account is gone');
      return { kind: 'signedIn', person };
    }
    return { kind: 'signedIn', person: await this.#signUp(input) };
  }

  async list(actor: UserActor) {
    const found = await store.listExternal(this.#options.database, actor.userId);
    return found.map(({ issuer, subject, createdAt }) => ({ issuer, subject, linkedAt: createdAt.toISOString() }));
  }

  async unlink(actor: UserActor, { issuer, subject }: { issuer: string; subject: string }): Promise<void> {
    const { database } = this.#options;
    if (!(await store.deleteExternal(database, { issuer, subject, userId: actor.userId })))
      throw new AppError('NOT_FOUND', { message: 'no such link' });
    noteChange({ object: { type: 'user', id: actor.userId }, before: { issuer } });
  }

  async #link(identity: { issuer: string; subject: string; userId: string }, known: string | null): Promise<Outcome> {
    const isOurs = known === identity.userId;
    if (!isOurs && (known !== null || !(await store.insertExternal(this.#options.database, identity))))
      throw refused('linkedElsewhere', 'it is linked to another account');
    noteChange({ object: { type: 'user', id: identity.userId }, after: { issuer: identity.issuer } });
    return { kind: 'linked' };
  }

  async #signUp({ issuer, subject, email: given, emailVerified, name }: OidcSignInInput): Promise<store.CredentialRow> {
    const { database, now } = this.#options;
    const email = emailAddress.safeParse(given?.trim().toLowerCase()).data;
    if (email === undefined || !emailVerified)
      throw refused('emailUnverified', 'the provider vouches for no e-mail address');
    const id = uuidv7();
    const called = displayName.catch('').parse(name?.slice(0, 100)) || email.replace(/@.*/, '');
    const person = await inTransaction(database, async (rows) => {
      if (await store.findByEmail(rows, email))
        throw refused('linkFirst', 'an account has this e-mail address: sign in first and link it in your account');
      if ((await readSetting(rows, 'signUp')) !== 'open') throw refused('signUpClosed', 'nobody can make an account');
      const roleId = await readSetting(rows, 'signUpRole');
      await insertUser(rows, {
        id,
        email,
        emailConfirmedAt: now(),
        userName: firstUserName(called, id),
        name: called,
        ...(roleId !== '' && roleId !== 'owner' && { roles: { create: { id: uuidv7(), roleId } } }),
      });
      if (!(await store.insertExternal(rows, { issuer, subject, userId: id })))
        throw refused('linkedElsewhere', 'it is linked to another account');
      return store.findById(rows, id);
    });
    if (!person) throw new AppError('INTERNAL', { message: `user ${id} was made and is not there` });
    noteChange({ object: { type: 'user', id }, after: { email, issuer } });
    this.#options.events.publish({ type: 'user.created', userId: userId.parse(id) });
    return person;
  }

  /** Who asked for a link within ten minutes; null: nobody. */
  #readLink(cookie: string): string | null {
    const { sealer, now } = this.#options;
    try {
      const wish = intent.parse(JSON.parse(sealer.open(Buffer.from(cookie, 'base64url'), belongsTo)));
      return wish.until > now().getTime() ? wish.userId : null;
    } catch {
      // Not of our making: nobody asked.
      return null;
    }
  }
}

function refused(reason: string, message: string): AppError {
  return new AppError('FORBIDDEN', { message, details: { reason } });
}
