import { setTimeout as sleep } from 'node:timers/promises';

/** One request at a time to each host, with a pause between two. Who waits is bounded by the number of feeds. */
export class HostTurns {
  readonly #pauseMs: number;
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(options: { pauseMs: number }) {
    this.#pauseMs = options.pauseMs;
  }

  take<T>(host: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(host) ?? Promise.resolve();
    const turn = before.then(() => {
      signal.throwIfAborted();
      return work();
    });
    const done = turn.then(
      () => sleep(this.#pauseMs),
      () => sleep(this.#pauseMs),
    );
    this.#last.set(host, done);
    void this.#forget(host, done);
    return turn;
  }

  async #forget(host: string, done: Promise<unknown>): Promise<void> {
    await done;
    if (this.#last.get(host) === done) this.#last.delete(host);
  }
}
