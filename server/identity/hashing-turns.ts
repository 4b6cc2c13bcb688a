import { availableParallelism } from 'node:os';

import { AppError } from '#server/platform/app-error.ts';

/** One thread of libuv's four stays free: tokens are checked, files read and names looked up by the same threads. */
const atOnceMax = 3;
const waitingMax = 256;

/**
 * Passwords are hashed by as many threads as there are cores and no more, first come, first served: whoever tries thousands of them keeps nobody waiting
 * but themselves.
 */
export class HashingTurns {
  readonly #atOnce: number;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(atOnce = Math.min(availableParallelism(), atOnceMax)) {
    this.#atOnce = atOnce;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underWay < this.#atOnce) this.#underWay += 1;
    else await this.#wait();
    try {
      return await work();
    } finally {
      // The turn is handed on, so nobody who comes now gets in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#underWay -= 1;
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= waitingMax)
      throw new AppError('UNAVAILABLE', {
        message: 'too many passwords are checked at this moment',
        details: { retryAfterSeconds: 1 },
      });
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
