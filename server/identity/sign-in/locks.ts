import { AppError } from '#server/platform/app-error.ts';
import type { Database } from '#server/platform/transaction.ts';

import { networkOf } from './network.ts';
import * as store from './store.ts';

/**
 * How often somebody may fail before waiting, and how long: 1 s, doubling, and from the lock on a quarter of an hour each. A network is shared by
 * many people, so it has more.
 */
export const lockRules: store.LockRules = {
  accountFree: 5,
  accountLock: 10,
  networkFree: 20,
  networkLock: 50,
  waitMsMax: 15 * 60_000,
};
/** Failures are forgotten after a day without another. */
const forgetMs = 24 * 3_600_000;
/** A flood of invented names must not fill the table: the oldest go first. */
const rowsMax = 100_000;
const pruneEvery = 100;
/** Refusals are remembered this long and so many, so that a flood does not reach the database. */
const rememberMs = 1000;
const rememberedAtMost = 10_000;

/** A try that was counted before it was looked at: tries side by side count too. */
export interface Try {
  /** Who has the name that was given. */
  person: store.NamedRow | null;
  /** Failures of the account by now, this one included. */
  accountFailures: number;
  /** Of the person, as it may turn out: what the account failed before is forgotten, and the network is given this try back. */
  good: store.GoodTries;
  /** It was the person. */
  succeeded: () => Promise<void>;
  /** It was no guess: as if it had not been made. */
  takeBack: () => Promise<void>;
}

/**
 * Slows down guessing by account and by network. The counts stand in the database: every process shares them, and they outlive all of them. Not by
 * rate-limiter-flexible: its keys count one by one and block for one time, while here account and network are one step, waits double, and a good try is
 * taken back.
 */
export class SignInLocks {
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #rememberedMax: number;
  readonly #refused = new Map<string, { until: number; forgetAt: number }>();
  #counted = 0;

  constructor(options: { database: Database; now: () => Date; rememberedMax?: number }) {
    this.#database = options.database;
    this.#now = options.now;
    this.#rememberedMax = options.rememberedMax ?? rememberedAtMost;
  }

  /** Refuses while the account or the network is locked, and counts the try as failed else. With a `name`: looks up in the same step whose it is. */
  async begin({ account, ip, name }: { account: string | null; ip: string | null; name?: string }): Promise<Try> {
    const network = networkOf(ip);
    const keys = [account, network === null ? null : `network ${network}`].filter((key) => key !== null);
    const now = this.#now();
    this.#refuseRemembered(keys, now.getTime());
    const tries = { keys, now, forgetBefore: new Date(now.getTime() - forgetMs), rules: lockRules };
    const { counted, person } =
      name === undefined
        ? { counted: await store.countTries(this.#database, tries), person: null }
        : await store.countTriesOf(this.#database, { ...tries, name });
    const takeBack = async (key: string) => {
      const row = counted.find((one) => one.key === key);
      if (row) await store.uncountTry(this.#database, key, row.lockedUntil);
    };
    if (counted.length < keys.length) {
      await Promise.all(keys.map(takeBack));
      throw this.#refuse(await store.findLocked(this.#database, keys, now), now.getTime());
    }
    this.#counted += 1;
    if (this.#counted % pruneEvery === 0)
      await store.pruneTries(this.#database, { before: new Date(now.getTime() - forgetMs), keep: rowsMax });
    const row = counted.find(({ key }) => key !== account);
    const good = { account, network: row ? { key: row.key, lockedUntil: row.lockedUntil } : null };
    return {
      person,
      good,
      accountFailures: counted.find(({ key }) => key === account)?.failures ?? 0,
      succeeded: () => store.settleTries(this.#database, good),
      takeBack: async () => {
        await Promise.all(keys.map(takeBack));
      },
    };
  }

  /** How many refusals are remembered. */
  get remembered(): number {
    return this.#refused.size;
  }

  #refuseRemembered(keys: readonly string[], now: number): void {
    for (const key of keys) {
      const refused = this.#refused.get(key);
      if (refused && refused.until > now && refused.forgetAt > now) throw tooMany(refused.until - now);
    }
  }

  #refuse(locked: readonly { key: string; lockedUntil: Date | null }[], now: number): AppError {
    // None: the lock ended, or a try side by side has just made it.
    let until = now + 1000;
    for (const { key, lockedUntil } of locked) {
      until = Math.max(until, lockedUntil?.getTime() ?? 0);
      this.#refused.delete(key);
      this.#refused.set(key, { until: lockedUntil?.getTime() ?? 0, forgetAt: now + rememberMs });
    }
    for (const oldest of this.#refused.keys()) {
      if (this.#refused.size <= this.#rememberedMax) break;
      this.#refused.delete(oldest);
    }
    return tooMany(until - now);
  }
}

/** The account as it was typed: that two names are one person's is not to be learnt here. */
export function accountKey(typed: string): string {
  const name = typed.trim().toLowerCase();
  return `${name.includes('@') ? 'email' : 'name'} ${name}`;
}

function tooMany(waitMs: number): AppError {
  return new AppError('TOO_MANY_REQUESTS', {
    message: 'too many tries to sign in',
    details: { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
  });
}
