import { SignJWT } from 'jose';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';

import { rungNames, type RungName } from '#server/contracts/camera-words.ts';

import type { LogRun } from '../disk/segment.ts';
import type { LiveStream } from '../stream.ts';
import { Ladder } from './ladder.ts';
import type { RungLog } from './rung-log.ts';
import { rungsBelow, type Rung } from './rung.ts';

export interface LaddersOptions {
  log: Logger;
  secret: string;
  /** `ws://…` of this process's own door, once it listens. */
  url: () => string;
  /** Streams that are transcoded at the same time; each takes about half a core. */
  transcodesMax: number;
}

/** Why a rung is not there. */
export type NoRung = 'unknown' | 'noRoom' | 'resting';

/** Between the minting of a token and the opening of the line. */
const tokenLife = '60s';

/** The ladders of all streams of this process, made on demand or always, and few at a time: what is watched comes first. */
export class Ladders {
  readonly #options: LaddersOptions;
  readonly #ladders = new Map<LiveStream, Ladder>();
  /** A run's rungs are fixed when they are first told: bitrates are promises. */
  readonly #rungs = new WeakMap<LogRun, readonly Rung[]>();
  readonly #writer = uuidv7();
  /** Whose owners' wish there is no room for. */
  readonly #unmade = new WeakSet<LiveStream>();

  constructor(options: LaddersOptions) {
    this.#options = options;
  }

  get running(): number {
    return [...this.#ladders.values()].filter((ladder) => ladder.isRunning).length;
  }

  get bytes(): number {
    return [...this.#ladders.values()].reduce((sum, ladder) => sum + ladder.bytes, 0);
  }

  /** What `index.m3u8` names below the source, to who asks for a ladder or to everybody: nothing where there is no room for another transcode. */
  offered(stream: LiveStream, isAsked: boolean): readonly Rung[] {
    if (!this.#hasRoomFor(stream)) return [];
    const ladder = this.#ladders.get(stream);
    return this.#rungsOf(stream).filter(({ name }) => !(isAsked ? ladder?.isResting(name) : ladder?.isResigned(name)));
  }

  /** Somebody asks for a rung's playlist. */
  watch(stream: LiveStream, name: string): RungLog | NoRung {
    const known = this.find(stream, name);
    const rung = known?.rung ?? this.#rungsOf(stream).find((each) => each.name === name);
    if (!rung || (stream.ended && !known)) return 'unknown';
    let ladder = this.#ladders.get(stream);
    if (ladder?.isResting(rung.name)) return 'resting';
    if (!this.#hasRoomFor(stream)) return 'noRoom';
    ladder ??= this.#make(stream);
    if (!ladder.isRunning && this.#isFull) this.#unwatched()?.giveWay();
    return ladder.watch(rung);
  }

  /** A rung that is being made. */
  find(stream: LiveStream, name: string): RungLog | null {
    return this.#ladders.get(stream)?.find(name) ?? null;
  }

  /** Those that are made at this moment, largest first. */
  made(stream: LiveStream): RungName[] {
    const names = this.#ladders.get(stream)?.names ?? [];
    return rungNames.filter((name) => names.includes(name));
  }

  /** To be called each second or so, with all streams that are open here. */
  look(streams: Iterable<LiveStream>): void {
    const open = new Set(streams);
    for (const stream of open) this.#keep(stream);
    const now = performance.now();
    for (const [stream, ladder] of this.#ladders) {
      // Another log took its place: nobody finds this one any more.
      if (open.has(stream)) ladder.look(now);
      else void this.forget(stream);
    }
  }

  /** The stream is let go. */
  async forget(stream: LiveStream): Promise<void> {
    const ladder = this.#ladders.get(stream);
    this.#ladders.delete(stream);
    await ladder?.close();
  }

  async close(): Promise<void> {
    const ladders = [...this.#ladders.values()];
    this.#ladders.clear();
    await Promise.all(ladders.map((ladder) => ladder.close()));
  }

  /** What the owner has made always begins with the first segment of a run, and goes on while the source is read. */
  #keep(stream: LiveStream): void {
    const { policy, writing, ended, run, window } = stream;
    const ladder = this.#ladders.get(stream);
    if (policy.ladder !== 'always' || ended) return ladder?.letGo();
    if (!writing || !run) return;
    if (ladder?.isRunning !== true) {
      const hasBegun = window.segments.some((segment) => segment.closed && segment.run === run.run);
      if (!hasBegun || this.#rungsOf(stream).length === 0) return;
      if (this.#isFull) return this.#tellUnmade(stream);
    }
    this.#unmade.delete(stream);
    (ladder ?? this.#make(stream)).keep(this.#rungsOf(stream));
  }

  #tellUnmade(stream: LiveStream): void {
    if (this.#unmade.has(stream)) return;
    this.#unmade.add(stream);
    const { log, transcodesMax } = this.#options;
    log.warn(
      { action: 'ladder.noRoom', streamId: stream.id, transcodesMax },
      'the ladder of a stream waits: this machine transcodes as much as it may',
    );
  }

  get #isFull(): boolean {
    return this.running >= this.#options.transcodesMax;
  }

  #hasRoomFor(stream: LiveStream): boolean {
    return this.#ladders.get(stream)?.isRunning === true || !this.#isFull || this.#unwatched() !== null;
  }

  /** A ladder that is made for its owner's wish alone. */
  #unwatched(): Ladder | null {
    return [...this.#ladders.values()].find((ladder) => ladder.isRunning && !ladder.isWatched) ?? null;
  }

  #rungsOf(stream: LiveStream): readonly Rung[] {
    const { run } = stream;
    const video = run?.tracks.find((track) => track.kind === 'video');
    if (!run || !video) return [];
    let rungs = this.#rungs.get(run);
    if (!rungs) {
      rungs = rungsBelow(video, stream.meter.rates(Date.now())?.bitrate ?? null);
      this.#rungs.set(run, rungs);
    }
    return rungs;
  }

  #make(stream: LiveStream): Ladder {
    const { log, url } = this.#options;
    const ladder = new Ladder({
      stream,
      log: log.child({ streamId: stream.id }),
      logUrl: `${url()}/log/v1/streams/${stream.id}`,
      token: (epoch) => this.#token(stream.id, epoch),
    });
    this.#ladders.set(stream, ladder);
    return ladder;
  }

  #token(stream: string, epoch: number): Promise<string> {
    return new SignJWT({ stream, epoch, writer: this.#writer })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(tokenLife)
      .sign(new TextEncoder().encode(this.#options.secret));
  }
}
