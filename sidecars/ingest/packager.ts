import type { Logger } from 'pino';

import { CodecError } from '#sidecars/codec/bit-reader.ts';

import type { AudioPipe } from './packager-audio.ts';
import { ClockWatch, RunPlacement } from './packager-placement.ts';
import { RecordWriter } from './packager-records.ts';
import { Runs, type RunReason } from './packager-runs.ts';
import { StartQueue } from './packager-start.ts';
import { SourceMeter } from './packager-state.ts';
import type { TimedUnit, Timeline } from './packager-track.ts';
import { isSameTracks, noPipes, openPipes, type Pipe, type Pipes } from './packager-tracks.ts';
import { VideoPipe, videoTimescale } from './packager-video.ts';
import type { SourceEvent, SourceTrack } from './source.ts';
import { CameraClock } from './timeline/camera-clock.ts';

export interface PackagerOptions {
  /** UTC ms of tfdt 0. */
  epochMs: number;
  /** Takes a record with sequence number 0; the uplink numbers it. */
  emit: (record: Buffer) => void;
  log: Pick<Logger, 'info' | 'warn'>;
  /** Number of the first run. Above 1 the log holds runs of this stream already, and the first one here is a reconnect. */
  firstRun?: number;
}

/**
 * Turns what a source says into the records of its log: runs, inits, clocks and chunks. It knows no sockets and no timers; time comes with
 * the events and with `tick`, so that a day passes in a test in a second.
 */
export class Packager {
  readonly #log: PackagerOptions['log'];
  readonly #records: RecordWriter;
  readonly #placement: RunPlacement;
  readonly #clocks = new ClockWatch();
  readonly #meter = new SourceMeter();
  readonly #start = new StartQueue();
  readonly #runs: Runs;
  #isStarting = true;
  #tracks: readonly SourceTrack[] = [];
  #pipes: Pipes = noPipes;
  #camera = new CameraClock();

  constructor(options: PackagerOptions) {
    this.#placement = new RunPlacement(options.epochMs);
    this.#log = options.log;
    this.#records = new RecordWriter(options.epochMs, options.emit);
    const parts = { records: this.#records, placement: this.#placement, log: this.#log };
    this.#runs = new Runs((options.firstRun ?? 1) - 1, parts);
  }

  /** Number of the run last begun. */
  get run(): number {
    return this.#runs.run;
  }

  onEvent(event: SourceEvent): void {
    switch (event.type) {
      case 'tracks':
        this.#setTracks(event.tracks);
        break;
      case 'unit':
        this.#onUnit(event);
        break;
      case 'clock':
        this.#onClock(event);
        break;
      case 'lost': {
        this.#meter.lost += event.packets;
        const pipe = this.#pipes.byTrack.get(event.track);
        if (pipe) pipe.times.lostBefore = true;
        break;
      }
    }
  }

  /** To be called some times a second: what depends on time passing without an event. `nowUs` is of the clock of `arrivalUs`. */
  tick(nowUs: number): void {
    if (this.#isStarting && !this.#start.isEmpty && this.#isClockReady(nowUs)) this.#release();
    const state = this.#meter.tick(nowUs, this.#dropped());
    if (state) this.#records.state(state);
  }

  /** The source is gone and will be opened again: the next key frame begins a run of its own. */
  reconnect(): void {
    this.#runs.reopen(this.#pipes);
    this.#placement.keepEnds(this.#pipes);
    this.#start.take();
    this.#isStarting = true;
    this.#tracks = [];
    this.#pipes = noPipes;
    this.#camera = new CameraClock();
    this.#meter.source = 'reconnecting';
    this.#records.isSlate = false;
  }

  /** What follows is made here, until the next `reconnect`: a run of its own, flagged synthetic. */
  slate(): void {
    this.reconnect();
    this.#runs.reopen(this.#pipes, 'slate');
    this.#records.isSlate = true;
  }

  /** Where a tfdt of the picture lies on the source's own time line; null where that cannot be told. */
  pictureStampAt(tfdt: number): number | null {
    return this.#runs.isRunning ? (this.#pipes.video?.times.stampOf(tfdt) ?? null) : null;
  }

  /** Nothing comes after it; `graceMs`: unless a writer comes back by then. */
  end(reason: string, graceMs = 0): void {
    this.#release();
    this.#endRun('reconnect');
    this.#records.end({ reason, graceMs });
  }

  #setTracks(tracks: readonly SourceTrack[]): void {
    if (isSameTracks(tracks, this.#tracks)) return;
    this.#release();
    this.#endRun('parameters');
    this.#placement.keepEnds(this.#pipes);
    this.#tracks = tracks;
    const parts = { records: this.#records, camera: this.#camera, log: this.#log, before: this.#pipes };
    this.#pipes = openPipes(tracks, parts);
    this.#placement.restoreEnds(this.#pipes);
  }

  #onUnit({ unit }: Extract<SourceEvent, { type: 'unit' }>): void {
    const pipe = this.#pipes.byTrack.get(unit.track);
    if (!pipe) return;
    if (!this.#records.isSlate) this.#meter.unit(unit, pipe instanceof VideoPipe);
    const { times } = pipe;
    const timed = times.place(unit, pipe.frameTicks);
    if (!timed) {
      this.#meter.dropped += 1;
      return;
    }
    if (times.jump === 'broken') this.#onBreak(pipe);
    else if (times.jump === 'retimed')
      this.#log.info({ action: 'time.retimed', track: unit.track }, 'time stamps stepped back');
    const { timeline } = times;
    timeline.mediaUs = times.mediaUs(timed.pts);
    timeline.arrivalUs = unit.arrivalUs;
    timeline.clock.observe(timeline.mediaUs, unit.arrivalUs);
    if (!this.#isStarting) {
      if (this.#clocks.look(this.#pipes, unit.arrivalUs, this.#tellClock)) this.#runs.wanted ??= 'clock';
      this.#process(pipe, timed);
      return;
    }
    this.#start.add(pipe, timed);
    if (!(pipe instanceof VideoPipe)) pipe.judge(unit);
    if (this.#start.isFull || this.#isClockReady(unit.arrivalUs)) this.#release();
  }

  #process(pipe: Pipe, timed: TimedUnit): void {
    if (pipe instanceof VideoPipe) this.#processVideo(pipe, timed);
    else this.#processAudio(pipe, timed);
  }

  #processVideo(video: VideoPipe, timed: TimedUnit): void {
    const { unit } = timed;
    if (this.#runs.isRunning && video.isHole(timed)) this.#endRun('reconnect');
    let key: boolean;
    try {
      key = video.scan(unit);
      if (key && video.hasNewFormat(unit)) this.#endRun('parameters', timed.dts);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#log.warn({ action: 'video.damaged', error: error.message }, 'picture dropped');
      this.#meter.dropped += 1;
      video.times.lostBefore = true;
      return;
    }
    if (key && video.isReorderWrong) this.#runs.wanted ??= 'parameters';
    if (key && this.#runs.wanted) this.#endRun(this.#runs.wanted, timed.dts);
    if (!this.#runs.isRunning) {
      if (!key || !video.format.current) {
        this.#meter.dropped += 1;
        return;
      }
      this.#beginRun(video, video.begin(timed, this.run > 0), unit.arrivalUs);
    }
    video.push(timed, key);
    for (const audio of this.#pipes.audio) audio.cover((video.headTfdt * audio.times.timescale) / videoTimescale);
  }

  #processAudio(audio: AudioPipe, timed: TimedUnit): void {
    const { video } = this.#pipes;
    if (!this.#runs.isRunning) {
      audio.judge(timed.unit);
      if (video || !audio.announce()) return;
      this.#beginRun(audio, timed.pts, timed.unit.arrivalUs);
    }
    const wasRefused = audio.isRefused;
    if (audio.times.timeline.baseUs === null) {
      this.#placement.meet(audio.times, timed.pts);
      this.#tellClock(audio.times.timeline);
    }
    audio.push(timed);
    if (audio.isAstray) this.#runs.wanted ??= 'clock';
    if (audio.wantsDeclaration) this.#runs.wanted ??= 'parameters';
    if (audio.isRefused && !wasRefused) {
      this.#log.warn({ action: 'audio.refused', codec: audio.times.source.codec }, 'sound is damaged and left out');
      this.#runs.wanted ??= 'parameters';
    }
    if (!video && this.#runs.wanted) this.#endRun(this.#runs.wanted);
  }

  #beginRun(first: Pipe, origin: number, nowUs: number): void {
    this.#meter.beginRun(this.#dropped());
    this.#runs.begin(this.#pipes, { first, origin, nowUs });
  }

  #endRun(reason: RunReason, nextDts: number | null = null): void {
    this.#runs.end(this.#pipes, reason, nextDts);
  }

  /** The time line jumped: nothing seen of the old one counts. */
  #onBreak(pipe: Pipe): void {
    const { video, byTrack } = this.#pipes;
    const { timeline } = pipe.times;
    this.#log.info({ action: 'time.jumped', track: pipe.times.source.id }, 'time stamps jumped');
    // On a shared time line the picture decides; stray sound is dropped until it follows.
    if (pipe !== video && video?.times.timeline === timeline) return;
    timeline.clock.reset();
    if (video && pipe !== video) {
      this.#runs.wanted ??= 'clock';
      return;
    }
    this.#endRun('clock');
    for (const other of byTrack.values()) {
      if (other !== pipe && other.times.timeline === timeline) other.times.forget();
    }
  }

  #onClock(event: Extract<SourceEvent, { type: 'clock' }>): void {
    const pipe = this.#pipes.byTrack.get(event.track);
    if (!pipe) return;
    const { timeline } = pipe.times;
    const before = timeline.clock.line;
    const mediaUs = pipe.times.mediaUsNear(event.ticks);
    timeline.clock.report(event.kind, { mediaUs, utcUs: event.utcUs, arrivalUs: event.arrivalUs });
    if (timeline.clock.line !== before) this.#tellClock(timeline);
  }

  readonly #tellClock = (timeline: Timeline): void => this.#runs.tellClock(this.#pipes, timeline);

  #isClockReady(nowUs: number): boolean {
    const pipe = this.#pipes.video ?? this.#pipes.audio[0];
    return pipe !== undefined && pipe.times.timeline.clock.isReady(nowUs);
  }

  #release(): void {
    if (!this.#isStarting || this.#start.isEmpty) return;
    this.#isStarting = false;
    const units = this.#start.take();
    this.#pipes.video?.learn(units.flatMap(({ pipe, timed }) => (pipe === this.#pipes.video ? [timed.pts] : [])));
    for (const { pipe, timed } of units) this.#process(pipe, timed);
  }

  #dropped(): number {
    let { dropped } = this.#meter;
    for (const audio of this.#pipes.audio) dropped += audio.dropped;
    return dropped;
  }
}
