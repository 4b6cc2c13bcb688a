import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { AppError } from './app-error.ts';
import { RefusedClients, type Refused } from './limits-refused.ts';
import { SeenClients } from './limits-seen.ts';
import { RedisWatch, SharedCount } from './limits-standby.ts';
import { limits, type Limit, type LimitName } from './limits.ts';
import type { Logger } from './log.ts';

/** What is left to a client, as `RateLimit-*` says it. */
export interface Allowance {
  limit: number;
  remaining: number;
  resetSeconds: number;
}

interface Take {
  client: string;
  points?: number;
  /** Of the client's key. */
  factor?: number;
  /** Counted is a person with all their keys. */
  isPerson?: boolean;
}

interface Options {
  redisUrl: string | undefined;
  /** Multiplies every number of the table. */
  factor: number;
  log: Logger;
  now?: () => Date;
}

/** What counts a limit, wherever that is. */
type Counter = RateLimiterMemory | SharedCount;

const commandWithinMs = 250;
const reconnectMsMax = 5000;

/** Counts what clients do against the table of limits: in this process, or in Redis, and in this process while Redis is away. */
export class Limits {
  readonly #options: Options;
  readonly #now: () => Date;
  readonly #limiters = new Map<string, Counter>();
  readonly #refused = new RefusedClients();
  #shared: { redis: Redis; watch: RedisWatch } | null = null;
  readonly #seen = new SeenClients();

  constructor(options: Options) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /** Counts; throws TOO_MANY_REQUESTS where the limit is reached. */
  async take(name: LimitName, { client, points = 1, factor = 1, isPerson = false }: Take): Promise<Allowance> {
    const key = this.#bounded(name, client);
    const limiter = this.#limiter(name, factor, isPerson);
    try {
      return allowanceOf(limiter, await limiter.consume(key, points));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const now = this.#now();
      const resetsAt = new Date(now.getTime() + refusal.msBeforeNext);
      this.#refused.note(name, client, { now, resetsAt });
      throw new LimitReached(name, allowanceOf(limiter, refusal));
    }
  }

  /** Counts what was only known afterwards; what is over refuses what comes next. */
  async add(name: LimitName, { client, points = 1, factor = 1 }: Take): Promise<void> {
    await this.#limiter(name, factor).penalty(this.#bounded(name, client), points);
  }

  /** Throws where nothing is left, and counts nothing. */
  async check(name: LimitName, client: string): Promise<void> {
    const limiter = this.#limiter(name, 1);
    const held = await limiter.get(this.#bounded(name, client));
    if (held && held.consumedPoints > limiter.points) throw new LimitReached(name, allowanceOf(limiter, held));
  }

  /** Who was refused and still waits, the latest first. */
  refused(): Refused[] {
    return this.#refused.list(this.#now());
  }

  /** Counts a client anew. */
  async clear(name: LimitName, client: string): Promise<void> {
    const key = this.#bounded(name, client);
    const own = [...this.#limiters].filter(([id]) => id.startsWith(`${name} `));
    await Promise.all(own.map(([, limiter]) => limiter.delete(key)));
    this.#refused.forget(name, client);
  }

  /** A Redis was given, and cannot be asked: each gateway counts for itself. */
  get isAlone(): boolean {
    return this.#shared?.watch.isAway ?? false;
  }

  close(): void {
    this.#shared?.redis.disconnect();
    this.#shared = null;
  }

  #limiter(name: LimitName, factor: number, isPerson = false): Counter {
    const id = `${name} ${isPerson ? 'person' : factor}`;
    const known = this.#limiters.get(id);
    if (known) return known;
    const { points: ofClient, seconds, shared, ofPerson = ofClient }: Limit = limits[name];
    const points = isPerson ? ofPerson : ofClient;
    const given = {
      points: Math.max(1, Math.round(points * factor * this.#options.factor)),
      duration: seconds,
      keyPrefix: `limit:${name}`,
    };
    const there = shared ? this.#openRedis() : null;
    const limiter = there ? new SharedCount(there.redis, there.watch, given) : new RateLimiterMemory(given);
    this.#limiters.set(id, limiter);
    return limiter;
  }

  #openRedis(): { redis: Redis; watch: RedisWatch } | null {
    const { redisUrl, log } = this.#options;
    if (redisUrl === undefined) return null;
    if (this.#shared) return this.#shared;
    const redis = new Redis(redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeout: commandWithinMs,
      connectTimeout: 2000,
      retryStrategy: (attempt) => Math.min(reconnectMsMax, 100 * 2 ** Math.min(attempt, 6)),
    });
    this.#shared = { redis, watch: new RedisWatch(redis, { log }) };
    return this.#shared;
  }

  #bounded(name: LimitName, client: string): string {
    return this.#seen.countedAs(name, client, this.#now().getTime());
  }
}

/** The refusal and what is left, so that the door can say both. */
export class LimitReached extends AppError {
  readonly allowance: Allowance;
  constructor(name: LimitName, allowance: Allowance) {
    super('TOO_MANY_REQUESTS', {
      message: `the limit "${name}" is reached`,
      details: { limit: name, retryAfterSeconds: Math.max(1, allowance.resetSeconds) },
    });
    this.allowance = allowance;
  }
}

function allowanceOf(limiter: Counter, held: RateLimiterRes): Allowance {
  return {
    limit: limiter.points,
    remaining: Math.max(0, held.remainingPoints),
    resetSeconds: Math.ceil(held.msBeforeNext / 1000),
  };
}
