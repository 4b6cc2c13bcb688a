import { getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Logger } from 'pino';

import { Child } from '#server/supervisor/child.ts';

import type { RungWork, TranscodeAsk } from './transcode-protocol.ts';

export interface TranscodeProcessOptions {
  name: string;
  log: Logger;
  /** What it begins with; asked anew at each start, for a new process goes on where the last one ended. */
  begin: () => Promise<Extract<TranscodeAsk, { type: 'begin' }>>;
  /** False when one that ends has nothing left to do. */
  isNeeded: () => boolean;
  /** It has died too often. */
  onGivenUp: () => void;
}

/** Loading the codecs takes many seconds on a machine that has too much to do, and beginning anew would only give it more. */
const readyWithinMs = 30_000;
const drainWithinMs = 1000;
const restartMs = 200;
/** Deaths within this time before it is given up. */
const deathsMax = 5;
const deathsWithinMs = 60_000;
const nodeFlags = ['--max-semi-space-size=2', '--v8-pool-size=1'];

/** The process that makes a stream's rungs, kept alive until it is closed. */
export class TranscodeProcess {
  readonly #options: TranscodeProcessOptions;
  readonly #deaths: number[] = [];
  #child: Child | null = null;
  #restart: NodeJS.Timeout | null = null;
  #isClosed = false;
  /** On the clock of `performance.now()`. */
  startedAt = performance.now();

  constructor(options: TranscodeProcessOptions) {
    this.#options = options;
    void this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Deaths that nobody asked for, lately. */
  get restarts(): number {
    return this.#deaths.length;
  }

  /** From here on these and no others; one that is being started is asked for them anyway. */
  setRungs(rungs: RungWork[]): void {
    if (this.#child?.state.state === 'ready') this.#child.send({ type: 'rungs', rungs } satisfies TranscodeAsk);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#restart) clearTimeout(this.#restart);
    await this.#child?.stop();
  }

  async #start(): Promise<void> {
    const { name, log } = this.#options;
    // Nothing of our environment: what decodes strangers' bytes has no business with secrets.
    const env: NodeJS.ProcessEnv = {
      NODE_ENV: 'production',
      UV_THREADPOOL_SIZE: '4',
      MALLOC_ARENA_MAX: '2',
      MALLOC_MMAP_THRESHOLD_: '131072',
    };
    const compiled = getCompileCacheDir();
    if (compiled) env['NODE_COMPILE_CACHE'] = path.dirname(compiled);
    const child = new Child({
      name,
      command: process.execPath,
      args: [...nodeFlags, fileURLToPath(new URL('transcode-main.ts', import.meta.url))],
      env,
      ready: { by: 'message' },
      readyWithinMs,
      drainWithinMs,
      stopSignal: 'SIGKILL',
    });
    this.#child = child;
    this.startedAt = performance.now();
    child.on('line', (source, text) => log.debug({ action: 'transcode.line', source, text }, 'transcoding process'));
    child.on('gone', (ending) => {
      if (this.#isClosed || !this.#options.isNeeded()) return;
      log.warn({ action: 'transcode.gone', message: ending.message }, 'the transcoding process is gone');
      this.#diedOnce();
    });
    try {
      await child.start();
      child.send(await this.#options.begin());
    } catch {
      // `gone` has told it and set the next try.
    }
  }

  #diedOnce(): void {
    const now = performance.now();
    this.#deaths.push(now);
    while (now - (this.#deaths[0] ?? now) > deathsWithinMs) this.#deaths.shift();
    if (this.#deaths.length > deathsMax) {
      this.#isClosed = true;
      this.#options.onGivenUp();
      return;
    }
    this.#restart = setTimeout(() => void this.#start(), restartMs * 2 ** (this.#deaths.length - 1));
    this.#restart.unref();
  }
}
