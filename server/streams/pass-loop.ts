import type { Logger } from '#server/platform/log.ts';

interface Options {
  everyMs: number;
  log: Logger;
  pass: () => Promise<void>;
  /** What was known before may be wrong. */
  onFailure: () => void;
}

/** One pass after the other, at a beat and at once when something changes; several wishes for one are one. */
export class PassLoop {
  readonly #options: Options;
  #passing: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | null = null;
  #failing = false;
  #stopped = false;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.kick(), this.#options.everyMs);
    void this.kick();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#passing;
  }

  /** A pass soon. Resolves when one that began after the call is over, whatever came of it. */
  kick(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#again = true;
    this.#passing ??= this.#loop().finally(() => (this.#passing = null));
    return this.#passing;
  }

  async #loop(): Promise<void> {
    const { pass, onFailure, log } = this.#options;
    while (this.#again) {
      this.#again = false;
      try {
        await pass();
        if (this.#failing) log.info({ action: 'plan.back' }, 'leases are planned again');
        this.#failing = false;
      } catch (error) {
        // Nodes go on with what they have; the next beat tries again.
        onFailure();
        if (!this.#failing) log.warn({ action: 'plan.failed', error }, 'leases can not be planned at the moment');
        this.#failing = true;
      }
    }
  }
}
