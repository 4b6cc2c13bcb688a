import type { Logger } from 'pino';

import type { RunPayload } from '#server/contracts/log-record.ts';

import type { RunPlacement } from './packager-placement.ts';
import type { RecordWriter } from './packager-records.ts';
import type { Timeline } from './packager-track.ts';
import type { Pipe, Pipes } from './packager-tracks.ts';

export type RunReason = RunPayload['reason'];

interface Parts {
  records: RecordWriter;
  placement: RunPlacement;
  log: Pick<Logger, 'info'>;
}

/** The runs of a stream, one after the other: each announces its tracks, and says why it was begun. */
export class Runs {
  /** Why the next key frame is to begin another run. */
  wanted: RunReason | null = null;
  readonly #parts: Parts;
  #run: number;
  #reason: RunReason;
  #isRunning = false;

  /** `before`: number of the last run that the log holds. */
  constructor(before: number, parts: Parts) {
    this.#run = before;
    this.#parts = parts;
    this.#reason = this.#usual;
  }

  /** Number of the run last begun. */
  get run(): number {
    return this.#run;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** `origin`: decode time, in source ticks, of the unit of `first` that begins it. */
  begin(pipes: Pipes, { first, origin, nowUs }: { first: Pipe; origin: number; nowUs: number }): void {
    const { records, placement, log } = this.#parts;
    const { times } = first;
    const startTfdt = placement.begin(times, origin, pipes, nowUs);
    records.reference = times.timeline;
    this.#run += 1;
    this.#isRunning = true;
    this.wanted = null;
    this.#announce(pipes);
    for (const audio of pipes.audio) audio.begin((startTfdt * audio.times.timescale) / times.timescale);
    log.info({ action: 'run.begun', run: this.#run, reason: this.#reason }, 'run begun');
  }

  /** `reason`: of the run that follows. `nextDts`: of the unit that begins it, where it follows without a hole. */
  end(pipes: Pipes, reason: RunReason, nextDts: number | null = null): void {
    if (!this.#isRunning) return;
    pipes.video?.finish(nextDts);
    for (const audio of pipes.audio) audio.finish();
    this.#isRunning = false;
    this.wanted = null;
    this.#reason = reason;
  }

  /** The source is opened again; `reason`: where that is not why a run begins. */
  reopen(pipes: Pipes, reason: RunReason | null = null): void {
    this.end(pipes, 'reconnect');
    this.#reason = reason ?? this.#usual;
  }

  /** The mapping of a time line changed. */
  tellClock(pipes: Pipes, timeline: Timeline): void {
    if (!this.#isRunning) return;
    for (const pipe of pipes.byTrack.values()) {
      if (pipe.times.timeline === timeline && pipe.announce()) this.#parts.records.clock(pipe.times);
    }
  }

  get #usual(): RunReason {
    return this.#run > 0 ? 'reconnect' : 'start';
  }

  #announce(pipes: Pipes): void {
    const { records } = this.#parts;
    const inOrder = [...pipes.byTrack.values()].toSorted((one, other) => one.times.id - other.times.id);
    const announced = inOrder.map((pipe) => pipe.announce()).filter((announcement) => announcement !== null);
    records.run({ run: this.#run, reason: this.#reason, tracks: announced.map(({ run }) => run) });
    for (const { init } of announced) records.init(init);
    for (const pipe of inOrder) if (pipe.announce()) records.clock(pipe.times);
  }
}
