import { setTimeout as sleep } from 'node:timers/promises';

import { Child, type ChildOptions } from './child.ts';

export interface KeeperLog {
  info: (text: string) => void;
  warn: (text: string) => void;
  line: (process: string, text: string) => void;
}

const backoffMsMin = 250;
const backoffMsMax = 15_000;
/** A life this long wipes out the failures before it. */
const healthyMs = 30_000;

/** Keeps one process alive: starts it, starts it again with growing pauses when it dies, until told to stop. */
export class Keeper {
  readonly name: string;
  #options: () => ChildOptions;
  #log: KeeperLog;
  #child: Child | null = null;
  #stopping = new AbortController();
  #failures = 0;
  #starts = 0;
  readonly #answer: (message: unknown) => object | null;

  /** `options` is asked before each start: ports and settings may change between lives. `answer`: what the process is told when it asks. */
  constructor(
    name: string,
    options: () => ChildOptions,
    log: KeeperLog,
    answer: (message: unknown) => object | null = () => null,
  ) {
    this.name = name;
    this.#options = options;
    this.#log = log;
    this.#answer = answer;
  }

  get isRunning(): boolean {
    return this.#child?.state.state === 'ready';
  }

  /** Starts after the first, asked for or not. */
  get restarts(): number {
    return Math.max(0, this.#starts - 1);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves at the first ready. Rejects when the first start fails: a setting is wrong then, and trying again would hide it. */
  async start(): Promise<void> {
    await this.#launch();
  }

  /** Ends the present life; the next one begins at once. For reload on change. */
  async restart(): Promise<void> {
    await this.#child?.stop();
    if (!this.#stopping.signal.aborted) await this.#launch().catch((error: unknown) => this.#log.warn(String(error)));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#child?.stop();
  }

  async #launch(): Promise<void> {
    const child = new Child(this.#options());
    this.#child = child;
    this.#starts += 1;
    const beganAt = Date.now();
    child.on('message', (message) => {
      const answer = this.#answer(message);
      if (answer) child.send(answer);
    });
    child.on('line', (_source, text) => this.#log.line(this.name, text));
    child.on('gone', (ending) => {
      if (ending.kind === 'fault') void this.#revive(ending.message, beganAt);
    });
    await child.start();
  }

  async #revive(why: string, beganAt: number): Promise<void> {
    if (Date.now() - beganAt > healthyMs) this.#failures = 0;
    for (;;) {
      const pauseMs = Math.min(backoffMsMax, backoffMsMin * 2 ** this.#failures) * (0.8 + 0.4 * Math.random());
      this.#failures += 1;
      this.#log.warn(`${why}; starting it again in ${(pauseMs / 1000).toFixed(1)} s`);
      try {
        await sleep(pauseMs, undefined, { signal: this.#stopping.signal });
        await this.#launch();
        this.#log.info(`${this.name} is back`);
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        why = error instanceof Error ? error.message : String(error);
      }
    }
  }
}
