import type { Logger } from 'pino';

import type { LiveStream } from '../stream.ts';
import { RungLog } from './rung-log.ts';
import type { Rung, RungName } from './rung.ts';
import { TranscodeProcess } from './transcode-process.ts';
import type { RungWork } from './transcode-protocol.ts';

export interface LadderOptions {
  stream: LiveStream;
  log: Logger;
  /** Of the log's door on this machine, without rung. */
  logUrl: string;
  /** Opens that door for a writer of this epoch. */
  token: (epoch: number) => Promise<string>;
}

interface Watched {
  log: RungLog;
  /** Its playlist was asked for, on the clock of `performance.now()`. */
  askedAt: number;
  lateSince: number | null;
}

/** Its players ask at least each target duration. */
const idleMs = 10_000;
/** A player would rather have another rendition than one that is this far behind. */
const lagSecondsMax = 3;
const lateMs = 4000;
/** Loading the codecs and what lies in memory of the source. */
const startMs = 10_000;
/** What could not be kept up with is not tried again at once. */
const restMs = 60_000;

/** The rungs of one stream that somebody watches, made by one process: a decode, and an encode each. */
export class Ladder {
  readonly #options: LadderOptions;
  readonly #rungs = new Map<RungName, Watched>();
  readonly #restingUntil = new Map<RungName, number>();
  /** Numbers up to which segments of a rung were published: they are cached for ever, and no other encoder may make them again. */
  readonly #published = new Map<RungName, number>();
  #process: TranscodeProcess | null = null;
  #epoch = 0;

  constructor(options: LadderOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#process !== null;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get names(): RungName[] {
    return [...this.#rungs.keys()];
  }

  get bytes(): number {
    return [...this.#rungs.values()].reduce((sum, { log }) => sum + log.window.bytes, 0);
  }

  get lagSeconds(): number {
    return Math.max(0, ...[...this.#rungs.values()].map(({ log }) => log.lagSeconds));
  }

  find(name: string): RungLog | null {
    return [...this.#rungs].find(([each]) => each === name)?.[1].log ?? null;
  }

  isResting(name: RungName): boolean {
    return (this.#restingUntil.get(name) ?? 0) > performance.now();
  }

  /** Somebody asks for its playlist: begins to make it, or goes on. */
  watch(rung: Rung): RungLog {
    const known = this.#rungs.get(rung.name);
    if (known) {
      known.askedAt = performance.now();
      return known.log;
    }
    const { stream, log } = this.#options;
    const from = (this.#published.get(rung.name) ?? -1) + 1;
    const made = { log: new RungLog(stream, rung, from), askedAt: performance.now(), lateSince: null };
    this.#rungs.set(rung.name, made);
    log.info({ action: 'rung.begin', rung: rung.name }, 'a rung is being made');
    if (this.#process) void this.#tellRungs();
    else this.#start();
    return made.log;
  }

  /** To be called each second or so: stops what nobody watches and what can't keep up. */
  look(now: number): void {
    const isStarting = this.#process !== null && now - this.#process.startedAt < startMs;
    for (const [name, watched] of this.#rungs) {
      const { log } = watched;
      log.waiters.expire(now);
      if (log.waiters.count > 0) watched.askedAt = now;
      const isLate = !isStarting && log.lagSeconds > lagSecondsMax;
      watched.lateSince = isLate ? (watched.lateSince ?? now) : null;
      const idle = Math.max(idleMs, 2000 * log.window.targetDuration);
      if (now - watched.askedAt > idle) this.#stop(name, 'nobody watches it');
    }
    // The most expensive first: what is left may keep up then.
    const late = [...this.#rungs].find(([, { lateSince }]) => lateSince !== null && now - lateSince > lateMs);
    if (late) this.#rest(late[0], 'it can not keep up');
  }

  async close(): Promise<void> {
    for (const { log } of this.#rungs.values()) log.close();
    this.#rungs.clear();
    const process = this.#process;
    this.#process = null;
    await process?.close();
  }

  #rest(name: RungName, why: string): void {
    this.#restingUntil.set(name, performance.now() + restMs);
    this.#stop(name, why);
    for (const watched of this.#rungs.values()) watched.lateSince = null;
  }

  #stop(name: RungName, why: string): void {
    const watched = this.#rungs.get(name);
    if (!watched) return;
    const { log, stream } = this.#options;
    this.#rungs.delete(name);
    this.#published.set(name, Math.max(watched.log.window.lastMediaSequence, this.#published.get(name) ?? -1));
    watched.log.close();
    log.info({ action: 'rung.end', rung: name, why, streamId: stream.id }, 'a rung is no longer made');
    if (this.#rungs.size > 0) return void this.#tellRungs();
    const process = this.#process;
    this.#process = null;
    void process?.close();
  }

  #start(): void {
    const { stream, log } = this.#options;
    this.#process = new TranscodeProcess({
      name: `transcode-${stream.id.slice(-6)}`,
      log,
      begin: async () => {
        // A writer that died is cut off by the next one's higher epoch.
        this.#epoch += 1;
        const logs = [...this.#rungs.values()].map((watched) => watched.log);
        const times = logs.map((each) => each.readFromMs).filter((ms) => ms !== null);
        return {
          type: 'begin' as const,
          logUrl: this.#options.logUrl,
          readToken: await this.#options.token(this.#epoch),
          fromMs: times.length > 0 ? Math.min(...times) : null,
          rungs: await this.#work(true),
        };
      },
      isNeeded: () => !stream.ended,
      onGivenUp: () => {
        for (const name of this.#rungs.keys()) this.#rest(name, 'its process died too often');
      },
    });
  }

  async #tellRungs(): Promise<void> {
    this.#process?.setRungs(await this.#work(false));
  }

  /** `resumes`: a new process goes on where the last one ended. */
  async #work(resumes: boolean): Promise<RungWork[]> {
    const token = await this.#options.token(this.#epoch);
    return [...this.#rungs.values()].map(({ log }) => ({
      name: log.rung.name,
      track: log.rung.track,
      rateMax: log.rung.rateMax,
      resumeAt: resumes ? log.resumeAt : null,
      token,
    }));
  }
}
