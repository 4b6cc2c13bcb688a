import { AppError } from '#server/platform/app-error.ts';
import type { Logger } from '#server/platform/log.ts';
import { putMail } from '#server/platform/mail.ts';
import type { Outbox } from '#server/platform/outbox.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import { verifyPassword } from '../passwords.ts';
import { mailTo } from '../people/mails.ts';
import type { SecondFactorService } from '../second-factor/service.ts';
import { accountKey, lockRules, type SignInLocks, type Try } from './locks.ts';
import type { From, Refusals } from './refusals.ts';
import * as store from './store.ts';

/** Each check takes 19 MiB and a thread for a while; more than these at once wait too long to be of use. */
const checksMax = 64;

interface Options {
  database: Database;
  log: Logger;
  outbox: Outbox;
  activity: Pick<ActivityService, 'tell'>;
  secondFactor: SecondFactorService;
  locks: SignInLocks;
  refusals: Refusals;
  now: () => Date;
}

interface Given {
  email: string;
  password: string;
  code?: string | undefined;
}

export interface Proved {
  person: Pick<store.CredentialRow, 'id' | 'name' | 'email' | 'locale' | 'timeZone' | 'lockedAt' | 'lastSignInAt'>;
  method: 'password' | 'password+totp' | 'password+recovery' | 'passkey' | 'oidc';
}

/** Whether somebody is who they say, by password and, where they have one, by second factor. */
export class PasswordSignIn {
  readonly #options: Options;
  #checking = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws when they are not. */
  async check(given: Given, from: From): Promise<Proved> {
    const { good, ...proved } = await this.prove(given, from);
    await store.settleTries(this.#options.database, good);
    return proved;
  }

  /**
   * The same for whoever settles the tries together with what they open. Whether a name is unknown, has no password, is locked or only the password was wrong is told neither in words nor in
   * time: each is looked up, counted and hashed alike.
   */
  async prove(input: Given, from: From): Promise<Proved & { good: store.GoodTries }> {
    const { locks, refusals } = this.#options;
    const name = input.email.trim().toLowerCase();
    if (this.#checking >= checksMax)
      throw new AppError('UNAVAILABLE', {
        message: 'too many are signing in at this moment',
        details: { retryAfterSeconds: 1 },
      });
    this.#checking += 1;
    const account = accountKey(name);
    let person: store.NamedRow | null | undefined;
    try {
      const counted = await locks.begin({ account, ip: from.ip, name });
      person = counted.person;
      const matches = await verifyPassword(person?.passwordHash ?? null, input.password);
      if (!person || !matches) {
        this.#options.log.info(
          { action: 'signIn.failed', userId: person?.id ?? null, ip: from.ip },
          'a sign-in was refused',
        );
        if (person && counted.accountFailures >= lockRules.accountLock)
          this.#tellLater(person, { account, ip: from.ip });
        throw wrongPassword();
      }
      return { ...(await this.#pass(person, counted, input.code)), good: counted.good };
    } catch (error) {
      await refusals.note({ account, person, from, error });
      throw error;
    } finally {
      this.#checking -= 1;
    }
  }

  async #pass(person: store.NamedRow, counted: Try, code: string | undefined): Promise<Proved> {
    // Else whoever signs up with an address that is taken could tell by signing in.
    const mailLeaves = !this.#options.outbox.keeps('mail');
    if (mailLeaves && person.emailConfirmedAt === null && person.lastSignInAt === null) throw wrongPassword();
    if (person.lockedAt) {
      await counted.takeBack();
      throw lockedOut();
    }
    if (!person.hasSecondFactor) return { person, method: 'password' };
    if (code === undefined) {
      await counted.takeBack();
      throw new AppError('UNAUTHENTICATED', {
        message: 'the second factor is asked for',
        details: { reason: 'secondFactor' },
      });
    }
    const kind = await this.#options.secondFactor.accept(person.id, code);
    if (!kind)
      throw new AppError('UNAUTHENTICATED', {
        message: 'the code of the second factor does not fit',
        details: { reason: 'wrongCode' },
      });
    return { person, method: `password+${kind}` };
  }

  /** Besides the answer, which must not take longer for somebody who is there. */
  #tellLater(person: store.NamedRow, about: { account: string; ip: string | null }): void {
    const { log } = this.#options;
    this.#tellOfLock(person, about).catch((error: unknown) =>
      log.warn({ action: 'signIn.lockUntold', userId: person.id, error }, 'could not tell of a lock'),
    );
  }

  /** Once a lock: it is over when the person signs in, or after a day without a try. */
  async #tellOfLock(person: store.NamedRow, { account, ip }: { account: string; ip: string | null }): Promise<void> {
    const { database, activity, outbox, log, now } = this.#options;
    await inTransaction(database, async (rows) => {
      if (!(await store.takeTelling(rows, account, now()))) return;
      log.warn({ action: 'signIn.locked', userId: person.id }, 'an account is locked after wrong passwords');
      await activity.tell(rows, { userId: person.id, kind: 'signIn.locked', data: { ip }, href: '/account' });
      const minutes = lockRules.waitMsMax / 60_000;
      await putMail(outbox, rows, mailTo(person, { kind: 'signInLocked', ip, at: now(), minutes }));
    });
  }
}

function wrongPassword(): AppError {
  return new AppError('UNAUTHENTICATED', { message: 'name or password is wrong' });
}

/** Told to those alone who have proved that it is their account. */
export function lockedOut(): AppError {
  return new AppError('FORBIDDEN', { message: 'the account is locked', details: { reason: 'locked' } });
}
