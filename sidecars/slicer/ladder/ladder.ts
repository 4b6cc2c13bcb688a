import type { Logger } from 'pino';

import type { RungName } from '#server/contracts/camera-words.ts';

import type { LiveStream } from '../stream.ts';
import { RungLog } from './rung-log.ts';
import type { Rung } from './rung.ts';
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

/** Times on the clock of `performance.now()`. */
interface Made {
  log: RungLog;
  since: number;
  /** Its playlist was asked for; long ago where it never was. */
  askedAt: number;
  /** The owner has it made until then, watched or not. */
  keptUntil: number;
  lateSince: number | null;
}

interface Rest {
  /** For who asks. */
  until: number;
  /** For the owner's wish, which would be tried in vain for ever: each time it waits twice as long. */
  keepAfter: number;
  count: number;
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
const restDoublings = 4;
/** What was made for so long had kept up. */
const provenMs = 600_000;
/** A source that comes back within this time goes on with the same rungs. */
const keepMs = 10_000;
const never = Number.NEGATIVE_INFINITY;

/** The rungs of one stream that somebody watches, or its owner has made always, by one process: a decode, and an encode each. */
export class Ladder {
  readonly #options: LadderOptions;
  readonly #rungs = new Map<RungName, Made>();
  readonly #rests = new Map<RungName, Rest>();
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
    return (this.#rests.get(name)?.until ?? 0) > performance.now();
  }

  /** The owner's wish was tried in vain, and waits longer than who asks. */
  isResigned(name: RungName): boolean {
    return !this.#rungs.has(name) && (this.#rests.get(name)?.keepAfter ?? never) > performance.now();
  }

  /** Somebody looks at one of its rungs. */
  get isWatched(): boolean {
    const now = performance.now();
    return [...this.#rungs.values()].some((made) => isWatched(made, now));
  }

  /** Somebody asks for its playlist: begins to make it, or goes on. */
  watch(rung: Rung): RungLog {
    const made = this.#rungs.get(rung.name) ?? this.#make(rung);
    made.askedAt = performance.now();
    return made.log;
  }

  /** The owner has them made: to be said again while it holds, for a source that goes away says nothing. */
  keep(rungs: readonly Rung[]): void {
    const keptUntil = performance.now() + keepMs;
    for (const rung of rungs) {
      if (!this.isResigned(rung.name)) (this.#rungs.get(rung.name) ?? this.#make(rung)).keptUntil = keptUntil;
    }
  }

  /** The owner wants them no longer; who watches one keeps it. */
  letGo(): void {
    for (const made of this.#rungs.values()) made.keptUntil = never;
  }

  /** Gives its place to a stream that somebody watches. */
  giveWay(): void {
    for (const name of this.#rungs.keys()) this.#stop(name, 'another stream is watched');
  }

  /** To be called each second or so: stops what nobody watches and what can't keep up. */
  look(now: number): void {
    const isStarting = this.#process !== null && now - this.#process.startedAt < startMs;
    // A picture waits for the next one to tell how long it is shown.
    const lagMax = lagSecondsMax + 2 * (this.#options.stream.policy.intervalSeconds ?? 0);
    for (const [name, made] of this.#rungs) {
      const { log } = made;
      log.waiters.expire(now);
      if (log.waiters.count > 0) made.askedAt = now;
      const isLate = !isStarting && log.lagSeconds > lagMax;
      made.lateSince = isLate ? (made.lateSince ?? now) : null;
      if (!isWatched(made, now) && now > made.keptUntil) this.#stop(name, 'nobody watches it');
    }
    const late = [...this.#rungs].find(([, { lateSince }]) => lateSince !== null && now - lateSince > lateMs);
    if (!late) return;
    // What nobody watches goes first, then the most expensive: what is left may keep up.
    const spare = [...this.#rungs].find(([, made]) => !isWatched(made, now)) ?? late;
    this.#rest(spare[0], 'it can not keep up');
  }

  async close(): Promise<void> {
    for (const { log } of this.#rungs.values()) log.close();
    this.#rungs.clear();
    const process = this.#process;
    this.#process = null;
    await process?.close();
  }

  #make(rung: Rung): Made {
    const { stream, log } = this.#options;
    const from = (this.#published.get(rung.name) ?? -1) + 1;
    const since = performance.now();
    const made: Made = {
      log: new RungLog(stream, rung, from),
      since,
      askedAt: never,
      keptUntil: never,
      lateSince: null,
    };
    this.#rungs.set(rung.name, made);
    log.info({ action: 'rung.begin', rung: rung.name }, 'a rung is being made');
    if (this.#process) void this.#tellRungs();
    else this.#start();
    return made;
  }

  #rest(name: RungName, why: string): void {
    const now = performance.now();
    const isProven = now - (this.#rungs.get(name)?.since ?? now) > provenMs;
    const count = isProven ? 0 : (this.#rests.get(name)?.count ?? 0);
    const keepAfter = now + restMs * 2 ** Math.min(count, restDoublings);
    this.#rests.set(name, { until: now + restMs, keepAfter, count: count + 1 });
    this.#stop(name, why);
    for (const made of this.#rungs.values()) made.lateSince = null;
  }

  #stop(name: RungName, why: string): void {
    const made = this.#rungs.get(name);
    if (!made) return;
    const { log, stream } = this.#options;
    this.#rungs.delete(name);
    this.#published.set(name, Math.max(made.log.window.lastMediaSequence, this.#published.get(name) ?? -1));
    made.log.close();
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
        const logs = [...this.#rungs.values()].map((made) => made.log);
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

function isWatched({ askedAt, log }: Made, now: number): boolean {
  return now - askedAt <= Math.max(idleMs, 2000 * log.window.targetDuration);
}
