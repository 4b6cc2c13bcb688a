import { SignJWT } from 'jose';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';

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

/** The ladders of all streams of this process, made on demand and few at a time. */
export class Ladders {
  readonly #options: LaddersOptions;
  readonly #ladders = new Map<LiveStream, Ladder>();
  /** A run's rungs are fixed when they are first told: bitrates are promises. */
  readonly #rungs = new WeakMap<LogRun, readonly Rung[]>();
  readonly #writer = uuidv7();

  constructor(options: LaddersOptions) {
    this.#options = options;
  }

  get running(): number {
    return [...this.#ladders.values()].filter((ladder) => ladder.isRunning).length;
  }

  get bytes(): number {
    return [...this.#ladders.values()].reduce((sum, ladder) => sum + ladder.bytes, 0);
  }

  /** What `index.m3u8?ladder=1` names below the source: nothing where there is no room for another transcode. */
  offered(stream: LiveStream): readonly Rung[] {
    if (!this.#hasRoomFor(stream)) return [];
    const ladder = this.#ladders.get(stream);
    return this.#rungsOf(stream).filter(({ name }) => !ladder?.isResting(name));
  }

  /** Somebody asks for a rung's playlist. */
  watch(stream: LiveStream, name: string): RungLog | NoRung {
    const known = this.find(stream, name);
    const rung = known?.rung ?? this.#rungsOf(stream).find((each) => each.name === name);
    if (!rung || (stream.ended && !known)) return 'unknown';
    let ladder = this.#ladders.get(stream);
    if (ladder?.isResting(rung.name)) return 'resting';
    if (!this.#hasRoomFor(stream)) return 'noRoom';
    if (!ladder) {
      ladder = this.#make(stream);
      this.#ladders.set(stream, ladder);
    }
    return ladder.watch(rung);
  }

  /** A rung that is being made. */
  find(stream: LiveStream, name: string): RungLog | null {
    return this.#ladders.get(stream)?.find(name) ?? null;
  }

  look(): void {
    const now = performance.now();
    for (const ladder of this.#ladders.values()) ladder.look(now);
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

  #hasRoomFor(stream: LiveStream): boolean {
    return this.#ladders.get(stream)?.isRunning === true || this.running < this.#options.transcodesMax;
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
    return new Ladder({
      stream,
      log: log.child({ streamId: stream.id }),
      logUrl: `${url()}/log/v1/streams/${stream.id}`,
      token: (epoch) => this.#token(stream.id, epoch),
    });
  }

  #token(stream: string, epoch: number): Promise<string> {
    return new SignJWT({ stream, epoch, writer: this.#writer })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(tokenLife)
      .sign(new TextEncoder().encode(this.#options.secret));
  }
}
