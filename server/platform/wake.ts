/** Wakes one reader when something has changed; much that changes before it looks wakes it once. */
export class Wake {
  #isSet = false;
  #waiting: (() => void) | null = null;

  set(): void {
    this.#isSet = true;
    this.#waiting?.();
  }

  /** Resolves when it was set since the last time, or when `signal` aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#isSet && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = resolve;
      signal.addEventListener('abort', this.#waiting, { once: true });
      await promise;
      signal.removeEventListener('abort', this.#waiting);
      this.#waiting = null;
    }
    this.#isSet = false;
  }
}
