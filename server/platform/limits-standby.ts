import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

import type { Logger } from './log.ts';

/** After a command that Redis did not answer, nobody waits for it again for so long. */
const awayForMs = 5000;

/** Whether Redis can be asked. It says when it closes and comes back; that it hangs only who asked it knows. */
export class RedisWatch {
  readonly #redis: Redis;
  readonly #log: Logger;
  readonly #now: () => number;
  #isAway = false;
  #askAgainAt = 0;

  constructor(redis: Redis, { log, now = () => performance.now() }: { log: Logger; now?: () => number }) {
    this.#redis = redis;
    this.#log = log;
    this.#now = now;
    redis.on('error', (error) => this.noteAway(error));
    redis.on('ready', () => this.noteBack());
  }

  get isAway(): boolean {
    return this.#isAway;
  }

  /** While it hangs, one asks every few seconds. */
  mayBeAsked(): boolean {
    if (this.#redis.status !== 'ready') return false;
    if (!this.#isAway) return true;
    const now = this.#now();
    if (now < this.#askAgainAt) return false;
    this.#askAgainAt = now + awayForMs;
    return true;
  }

  noteAway(error: unknown): void {
    this.#askAgainAt = this.#now() + awayForMs;
    if (this.#isAway) return;
    this.#isAway = true;
    const words = error instanceof Error ? error.message : String(error);
    this.#log.warn({ action: 'limits.redis', error: words }, 'Redis is away: limits are counted here');
  }

  noteBack(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#log.info({ action: 'limits.redis' }, 'Redis is back: limits are counted there');
  }
}

/** One limit of all gateways: counted in Redis, and in this process while Redis is away. */
export class SharedCount {
  readonly points: number;
  readonly #watch: RedisWatch;
  readonly #there: RateLimiterRedis;
  readonly #here: RateLimiterMemory;

  constructor(redis: Redis, watch: RedisWatch, given: { points: number; duration: number; keyPrefix: string }) {
    this.points = given.points;
    this.#watch = watch;
    this.#there = new RateLimiterRedis({ ...given, storeClient: redis, rejectIfRedisNotReady: true });
    this.#here = new RateLimiterMemory(given);
  }

  consume(key: string, points: number): Promise<RateLimiterRes> {
    return this.#by((limiter) => limiter.consume(key, points));
  }

  penalty(key: string, points: number): Promise<RateLimiterRes> {
    return this.#by((limiter) => limiter.penalty(key, points));
  }

  get(key: string): Promise<RateLimiterRes | null> {
    return this.#by((limiter) => limiter.get(key));
  }

  /** Everywhere: a count from while Redis was away would come back when it goes again. */
  async delete(key: string): Promise<boolean> {
    await this.#here.delete(key);
    return this.#by((limiter) => limiter.delete(key));
  }

  async #by<T>(work: (limiter: RateLimiterRedis | RateLimiterMemory) => Promise<T>): Promise<T> {
    if (!this.#watch.mayBeAsked()) return work(this.#here);
    try {
      const told = await work(this.#there);
      this.#watch.noteBack();
      return told;
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      this.#watch.noteAway(error);
      return work(this.#here);
    }
  }
}
