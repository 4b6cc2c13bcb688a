import { AppError } from '#server/platform/app-error.ts';
import type { Logger } from '#server/platform/log.ts';

import type { AuditService } from '../audit/service.ts';
import { networkOf } from './network.ts';

/** A burst is told by its first try and each time it has grown tenfold; what comes so long after the last is another one. */
const burstMs = 15 * 60_000;
const burstsMax = 10_000;
/** Entries an hour, whoever tries: the log keeps them for ever, and who invents names must not fill it. */
const entriesMax = 1000;
const hourMs = 3_600_000;

interface Options {
  /** Whose name or address this is; null: nobody's. */
  whoIs: (name: string) => Promise<Person | null>;
  audit: Pick<AuditService, 'append'>;
  log: Logger;
  now: () => Date;
}

/** Where a try came from. */
export interface From {
  ip: string | null;
  userAgent?: string | null | undefined;
  requestId?: string | null | undefined;
}

interface Person {
  id: string;
  name: string;
}

interface Refused {
  /** The account's key, of what was typed; null: nothing was. */
  account: string | null;
  /** Whose it is, null: nobody's; undefined: refused before anybody looked. Nobody's is not looked for again: that would take longer than somebody's. */
  person: Person | null | undefined;
  from: From;
  /** What was thrown. */
  error: unknown;
}

/** Writes refused sign-ins down: who was tried from where, a few entries for each account and network however often they try. */
export class Refusals {
  readonly #options: Options;
  /** By account, network and reason; the one that was tried longest ago goes first. */
  readonly #bursts = new Map<string, { tries: number; lastMs: number }>();
  #hour = { sinceMs: 0, entries: 0, untold: 0 };

  constructor(options: Options) {
    this.#options = options;
  }

  /** Never throws: whoever is refused is told that. */
  async note({ account, person: known, from, error }: Refused): Promise<void> {
    const reason = reasonOf(error);
    if (reason === null) return;
    const network = networkOf(from.ip) ?? '–';
    const tries = this.#count(`${reason} ${account ?? ''} ${network}`);
    if (!/^10*$/.test(String(tries)) || !this.#mayTell()) return;
    const { untold } = this.#hour;
    this.#hour.untold = 0;
    const { audit, log, whoIs } = this.#options;
    try {
      const person = known === undefined && account !== null ? await whoIs(nameOf(account)) : (known ?? null);
      await audit.append(
        {
          actor: { type: 'anonymous' },
          claimedName: person?.name,
          ip: from.ip,
          userAgent: from.userAgent ?? null,
          requestId: from.requestId ?? null,
        },
        {
          action: 'signIn.refused',
          outcome: 'refused',
          ...(person && { object: { type: 'user', id: person.id } }),
          details: { reason, account: tellable(account, person), network, tries, ...(untold > 0 && { untold }) },
        },
      );
    } catch (failure) {
      log.warn({ action: 'signIn.unwritten', error: failure }, 'a refused sign-in was not written down');
    }
  }

  #count(burst: string): number {
    const nowMs = this.#options.now().getTime();
    const known = this.#bursts.get(burst);
    const tries = known && nowMs - known.lastMs < burstMs ? known.tries + 1 : 1;
    this.#bursts.delete(burst);
    this.#bursts.set(burst, { tries, lastMs: nowMs });
    for (const oldest of this.#bursts.keys()) {
      if (this.#bursts.size <= burstsMax) break;
      this.#bursts.delete(oldest);
    }
    return tries;
  }

  /** What is over the bound is counted in the next entry. */
  #mayTell(): boolean {
    const nowMs = this.#options.now().getTime();
    if (nowMs - this.#hour.sinceMs >= hourMs) this.#hour = { ...this.#hour, sinceMs: nowMs, entries: 0 };
    this.#hour.entries += 1;
    if (this.#hour.entries <= entriesMax) return true;
    this.#hour.untold += 1;
    return false;
  }
}

/** Null: not refused for what was shown. */
function reasonOf(error: unknown): string | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'TOO_MANY_REQUESTS') return 'tooMany';
  if (error.code !== 'UNAUTHENTICATED' && error.code !== 'FORBIDDEN') return null;
  const { reason } = error.details;
  // The password was right, and the page asks for the code next.
  if (reason === 'secondFactor') return null;
  return typeof reason === 'string' ? reason : 'wrong';
}

/** People type a password where their name belongs; this log forgets nothing. */
function tellable(account: string | null, person: Person | null): string | null {
  if (account === null || person !== null || account.startsWith('email ')) return account?.slice(0, 300) ?? null;
  return '(no such name)';
}

/** What was typed: an address, or a user name. */
function nameOf(account: string): string {
  return account.slice(account.indexOf(' ') + 1);
}
