import type { OidcSignInInput } from '#server/contracts/account.ts';
import type { Actor, Me, UserActor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Outbox } from '#server/platform/outbox.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import type { Database } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import { toMe } from '../actor-of.ts';
import type { AuditService } from '../audit/service.ts';
import type { PasskeyAnswer, PasskeysService } from '../passkeys/service.ts';
import type { SecondFactorService } from '../second-factor/service.ts';
import { ExternalSignIn } from './external.ts';
import { accountKey, SignInLocks } from './locks.ts';
import { lockedOut, PasswordSignIn, type Proved } from './password-sign-in.ts';
import { Refusals, type From } from './refusals.ts';
import { Sessions } from './sessions.ts';
import * as store from './store.ts';

/** So long after a proof nobody is asked for another. */
const proofMs = 10 * 60_000;

export interface SignInOptions {
  database: Database;
  events: Events;
  sealer: Sealer;
  log: Logger;
  outbox: Outbox;
  activity: Pick<ActivityService, 'tell'>;
  audit: Pick<AuditService, 'append'>;
  secondFactor: SecondFactorService;
  passkeys: PasskeysService;
  now?: () => Date;
}

/** The browser that signs in: where it is, who it was signed in as, and the cookie by which it is known again. */
export interface Arrival extends From {
  userAgent: string | null;
  actor: Actor;
  device?: string | undefined;
}

/** A new sign-in. `sessionId` and `device` go into cookies. */
export interface SignedIn {
  user: Me;
  sessionId: string;
  device: string;
}

export interface ProofInput {
  password?: string | undefined;
  code?: string | undefined;
  passkey?: PasskeyAnswer | undefined;
}

/** How people come in, prove that they are still there, and go. */
export class SignInService {
  readonly sessions: Sessions;
  readonly external: ExternalSignIn;
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #locks: SignInLocks;
  readonly #passwords: PasswordSignIn;
  readonly #refusals: Refusals;
  readonly #secondFactor: SecondFactorService;
  readonly #passkeys: PasskeysService;

  constructor(options: SignInOptions) {
    const now = options.now ?? (() => new Date());
    this.#database = options.database;
    this.#now = now;
    this.#secondFactor = options.secondFactor;
    this.#passkeys = options.passkeys;
    this.#locks = new SignInLocks({ database: options.database, now });
    const whoIs = (name: string) => store.findByName(options.database, name);
    this.#refusals = new Refusals({ ...options, whoIs, now });
    this.#passwords = new PasswordSignIn({ ...options, locks: this.#locks, refusals: this.#refusals, now });
    this.sessions = new Sessions({ ...options, now });
    this.external = new ExternalSignIn({ ...options, now });
  }

  /** Whose name, password and code these are; opens nothing. For doors that give something else than a session: they settle the `good` tries with it. */
  async checkPassword(
    input: { email: string; password: string; code?: string | undefined },
    from: From,
  ): Promise<{ userId: string; name: string; good: store.GoodTries }> {
    const { person, good } = await this.#passwords.prove(input, from);
    return { userId: person.id, name: person.name, good };
  }

  async signIn(
    input: { email: string; password: string; code?: string | undefined },
    from: Arrival,
  ): Promise<SignedIn> {
    return this.#enter(await this.#passwords.check(input, from), from);
  }

  /** The device has looked at who is there and holds the key: two factors at once. Not kept out by wrong passwords of others. */
  async signInByPasskey(answer: PasskeyAnswer, from: Arrival): Promise<SignedIn> {
    let person: store.CredentialRow | null = null;
    try {
      const counted = await this.#locks.begin({ account: null, ip: from.ip });
      const userId = await this.#passkeys.whoAnswered(answer, null);
      person = userId === null ? null : await store.findById(this.#database, userId);
      if (!person)
        throw new AppError('UNAUTHENTICATED', {
          message: 'the passkey was not accepted',
          details: { reason: 'wrongPasskey' },
        });
      await counted.succeeded();
      return await this.#enter({ person, method: 'passkey' }, from);
    } catch (error) {
      await this.#refusals.note({ account: null, person, from, error });
      throw error;
    }
  }

  /** What next-auth has checked at the operator's provider. Null: it was linked to the account of who is signed in. */
  async signInByOidc(input: OidcSignInInput, from: Arrival): Promise<SignedIn | null> {
    let person: store.CredentialRow | undefined;
    try {
      const outcome = await this.external.arrive(input, from.actor.type === 'user' ? from.actor : null);
      if (outcome.kind === 'linked') return null;
      person = outcome.person;
      return await this.#enter({ person, method: 'oidc' }, from);
    } catch (error) {
      const account = input.email === null ? null : accountKey(input.email);
      await this.#refusals.note({ account, person, from, error });
      throw error;
    }
  }

  /** Proves anew that it is the person who sits there. */
  async prove(actor: UserActor, input: ProofInput, from: From): Promise<void> {
    await this.#checkProof(actor, input, from);
    if (actor.credential.kind === 'session') await store.noteProof(this.#database, actor.credential.id, this.#now());
  }

  /**
   * Before what could lock a person out of their account: their proof, or one that this session gave a moment ago. Keys and tokens have given none and
   * never do.
   */
  async requireProof(actor: UserActor, input?: ProofInput, from: From = { ip: null }): Promise<void> {
    if (actor.credential.kind !== 'session')
      throw new AppError('FORBIDDEN', {
        message: 'this is done in a signed-in browser: keys and tokens prove nobody',
        details: { reason: 'ownHands' },
      });
    if (input && (input.password ?? input.code ?? input.passkey) !== undefined) return this.prove(actor, input, from);
    const provedAt = await store.findProvedAt(this.#database, actor.credential.id);
    if (provedAt && this.#now().getTime() - provedAt.getTime() < proofMs) return;
    throw new AppError('FORBIDDEN', { message: 'a fresh proof is asked for', details: { reason: 'proof' } });
  }

  async signOut(actor: Actor): Promise<void> {
    if (actor.type !== 'user' || actor.credential.kind !== 'session') return;
    await this.sessions.end(actor.userId, actor.credential.id);
  }

  async #enter({ person, method }: Proved, from: Arrival): Promise<SignedIn> {
    if (person.lockedAt) throw lockedOut();
    const { sessionId } = await this.sessions.open({ ...from, userId: person.id, method });
    const device = await this.sessions.greet(person, from);
    // The session that this browser had ends: whoever planted or copied its id holds nothing.
    await this.signOut(from.actor);
    const whole = await store.findById(this.#database, person.id);
    if (!whole) throw new AppError('UNAUTHENTICATED', { message: 'the account is gone' });
    noteChange({
      object: { type: 'user', id: person.id },
      details: { method },
      person: { id: person.id, name: whole.name, via: { kind: 'session', id: sessionId } },
    });
    return { user: toMe(whole), sessionId, device };
  }

  async #checkProof(actor: UserActor, { password, code, passkey }: ProofInput, from: From): Promise<void> {
    if (passkey) {
      const counted = await this.#locks.begin({ account: accountKey(actor.email), ip: from.ip });
      if ((await this.#passkeys.whoAnswered(passkey, actor.userId)) !== actor.userId) throw wrongProof('passkey');
      return counted.succeeded();
    }
    if (password !== undefined) {
      await this.#passwords.check({ email: actor.email, password, code }, from).catch((error: unknown) => {
        // The person stays signed in whatever they typed, so it is not 401.
        if (error instanceof AppError && error.code === 'UNAUTHENTICATED')
          throw wrongProof(error.details['reason'] ?? 'wrongPassword');
        throw error;
      });
      return;
    }
    if (code === undefined) throw new AppError('BAD_REQUEST', { message: 'a proof holds a password, code or passkey' });
    const person = await store.findById(this.#database, actor.userId);
    // A code alone is as good as a password for those who have none.
    if (!person || person.passwordHash !== null) throw wrongProof('wrongPassword');
    const counted = await this.#locks.begin({ account: accountKey(actor.email), ip: from.ip });
    if (!(await this.#secondFactor.accept(actor.userId, code))) throw wrongProof('wrongCode');
    return counted.succeeded();
  }
}

function wrongProof(reason: unknown): AppError {
  return new AppError('FORBIDDEN', { message: 'the proof does not fit', details: { reason } });
}
