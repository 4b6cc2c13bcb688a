import type { Dispatcher } from 'undici';

import { createPublicAgent } from '#server/platform/public-agent.ts';

import { readFeed, type Reading } from './feed-reader.ts';
import type { Feed } from './feed.ts';
import { userAgent, type FetchLimits, type Validators } from './fetch-document.ts';
import { HostTurns } from './host-turns.ts';

const limitsDefault: FetchLimits = { bytesMax: 32 * 1_048_576, withinMs: 60_000, retryMs: 1000 };
const pauseMsDefault = 1000;
const onlineWithinMs = 3000;
const onlineForMs = 60_000;
const hostsAsked = 3;

export interface OutsideOptions {
  isAllowed?: (address: string) => boolean;
  limits?: Partial<FetchLimits>;
  pauseMs?: number;
}

/** The internet as feeds see it: who is asked, how often, and what each server last said of its document. */
export class Outside {
  readonly #options: OutsideOptions;
  readonly #turns: HostTurns;
  /** By address, of documents all of whose cameras stand. A new process asks for everything once. */
  readonly #known = new Map<string, Validators>();
  #agent: Promise<Dispatcher> | null = null;
  #online: { at: number; answer: Promise<boolean> } | null = null;

  constructor(options: OutsideOptions = {}) {
    this.#options = options;
    this.#turns = new HostTurns({ pauseMs: options.pauseMs ?? pauseMsDefault });
  }

  async read(
    feed: Feed,
    options: {
      acceptFewer: boolean;
      signal: AbortSignal;
      now: Date;
      standing: (scope: string) => Promise<number>;
    },
  ): Promise<Reading | null> {
    return readFeed(feed, {
      ...options,
      agent: await this.#dispatcher(),
      turns: this.#turns,
      limits: { ...limitsDefault, ...this.#options.limits },
      // What was refused for being small is to be seen again.
      known: options.acceptFewer ? new Map() : this.#known,
    });
  }

  remember(validators: ReadonlyMap<string, Validators>): void {
    for (const [url, said] of validators) if (said.etag || said.lastModified) this.#known.set(url, said);
  }

  forget(feed: Feed): void {
    for (const { url } of feed.requests) this.#known.delete(url);
  }

  /** Whether any of the first hosts answers anything at all; remembered for a minute. */
  online(feeds: readonly Feed[]): Promise<boolean> {
    const at = performance.now();
    if (!this.#online || at - this.#online.at > onlineForMs) this.#online = { at, answer: this.#ask(feeds) };
    return this.#online.answer;
  }

  async close(): Promise<void> {
    await (await this.#agent)?.destroy();
  }

  async #ask(feeds: readonly Feed[]): Promise<boolean> {
    const { request } = await import('undici');
    const dispatcher = await this.#dispatcher();
    const signal = AbortSignal.timeout(onlineWithinMs);
    const origins = new Set(feeds.flatMap((feed) => feed.requests.map(({ url }) => new URL(url).origin)));
    const asked = [...origins].slice(0, hostsAsked).map(async (origin) => {
      const answer = await request(origin, {
        method: 'HEAD',
        dispatcher,
        signal,
        headers: { 'user-agent': userAgent },
      });
      answer.body.on('error', () => {
        // An answer is all that was wanted.
      });
      answer.body.destroy();
    });
    try {
      await Promise.any(asked);
      return true;
    } catch {
      return false; // None of them: this house stands alone, or their names do not resolve.
    }
  }

  #dispatcher(): Promise<Dispatcher> {
    const { isAllowed } = this.#options;
    return (this.#agent ??= createPublicAgent(isAllowed ? { isAllowed } : {}));
  }
}
