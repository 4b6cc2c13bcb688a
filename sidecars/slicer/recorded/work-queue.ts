/** More waits than may: come again. */
export class BusyError extends Error {
  override name = 'BusyError';
}

interface Waiting {
  start: () => void;
}

/** At most so many at once, at most so many in line; who gives up leaves the line. */
export class WorkQueue {
  readonly #bounds: { runningMax: number; waitingMax: number };
  readonly #line = new Set<Waiting>();
  #running = 0;

  constructor(bounds: { runningMax: number; waitingMax: number }) {
    this.#bounds = bounds;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Rejects with a BusyError at once, or when the signal says so while it waits; what has begun is finished. */
  async run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    signal.throwIfAborted();
    if (this.#running >= this.#bounds.runningMax) await this.#turn(signal);
    else this.#running += 1;
    try {
      return await work();
    } finally {
      // The place is handed on, not freed and taken: nobody slips in between.
      const [next] = this.#line;
      if (next) next.start();
      else this.#running -= 1;
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#line.size >= this.#bounds.waitingMax) return Promise.reject(new BusyError('too many wait'));
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#line.delete(waiting);
        reject(new Error('given up while it waited', { cause: signal.reason }));
      };
      const waiting = {
        start: () => {
          this.#line.delete(waiting);
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      this.#line.add(waiting);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
