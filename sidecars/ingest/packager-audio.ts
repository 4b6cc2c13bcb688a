import { recordFlag } from '#server/contracts/log-record.ts';
import type { ChunkSample } from '#sidecars/cmaf/chunk-writer.ts';
import { CodecError } from '#sidecars/codec/bit-reader.ts';

import { audioFormatOf, audioUnitsOf, type AudioFormat } from './codec/audio-format.ts';
import type { RecordWriter } from './packager-records.ts';
import type { TimedUnit, TrackAnnouncement, TrackTimes } from './packager-track.ts';
import type { AccessUnit, SourceAudioTrack } from './source.ts';

/** Deviations from the grid of frames that are put down to jitter. */
const snapSeconds = 0.02;
const chunkSeconds = 0.1;
/** Sound missing for this long while the picture goes on is replaced by silence. */
const missingSeconds = 2;
/** Silence stays this far behind the picture, so that sound coming back finds its place. */
const silenceBehindSeconds = 0.2;
const fillMaxSeconds = 10;
/** A bad access unit costs four, a good one earns one: a fifth of them bad and the track is refused. */
const badCost = 4;
const refuseAt = 32;
/** Access units out of all bounds in a row before the run is given up. */
const strayMax = 50;

/** The sound of a run: frames on an unbroken grid, chunks of 100 ms at most, holes filled with silence that says it is. */
export class AudioPipe {
  readonly times: TrackTimes;
  readonly #track: SourceAudioTrack;
  readonly #records: RecordWriter;
  #format: AudioFormat | null;
  #isDeclared = false;
  #isRefused = false;
  #badness = 0;
  #strays = 0;
  #next: number | null = null;
  #startTfdt = 0;
  #isSilent = false;
  readonly #pool: ChunkSample[] = [];
  readonly #pending: ChunkSample[] = [];
  #pendingTfdt = 0;
  #pendingDuration = 0;
  #pendingLost = false;
  /** Access units that did not go into the log. */
  dropped = 0;

  constructor(track: SourceAudioTrack, parts: { times: TrackTimes; records: RecordWriter }) {
    this.#track = track;
    this.times = parts.times;
    this.#records = parts.records;
    this.#format = audioFormatOf(track, null);
    if (this.#format) this.times.timescale = this.#format.sampleRate;
  }

  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Ready to be heard, and not part of the run: the next one has to declare it. */
  get wantsDeclaration(): boolean {
    return this.#format !== null && !this.#isDeclared && !this.#isRefused;
  }

  /** The media is so far from the run that only another run can hold it. */
  get isAstray(): boolean {
    return this.#strays >= strayMax;
  }

  get frameTicks(): number {
    const samples = this.#format?.silenceSamples ?? 1024;
    return (samples * this.#track.timescale) / (this.#format?.sampleRate ?? this.#track.sampleRate);
  }

  announce(): TrackAnnouncement | null {
    const format = this.#format;
    if (!format || this.#isRefused) return null;
    const { id, timescale } = this.times;
    const { language } = this.#track;
    const { codec, channels, sampleRate, sampleEntry, config } = format;
    return {
      run: {
        track: id,
        kind: 'audio',
        codec,
        timescale,
        channels,
        sampleRate,
        ...(language === undefined ? {} : { language }),
      },
      init: { kind: 'audio', id, timescale, language, sampleEntry, config, channels, sampleRate },
    };
  }

  /** A run begins at `startTfdt` that declares this track, if it is known what it holds. */
  begin(startTfdt: number): void {
    this.#isDeclared = this.announce() !== null;
    this.#startTfdt = Math.ceil(Math.max(startTfdt, this.times.endTfdt));
    this.#next = null;
    this.#strays = 0;
    this.#isSilent = false;
  }

  /** Outside a run: only judges, so that a run begins with what is known. */
  judge(unit: AccessUnit): void {
    for (const data of this.#unitsOf(unit)) this.#samplesOf(data);
  }

  push(timed: TimedUnit): void {
    const units = this.#unitsOf(timed.unit);
    if (timed.unit.lostBefore || this.times.lostBefore) this.#pendingLost = true;
    this.times.lostBefore = false;
    let raw = this.times.tfdtOf(timed.pts);
    for (const data of units) {
      const samples = this.#samplesOf(data);
      if (samples === 0 || !this.#isDeclared || this.#isRefused) this.dropped += 1;
      else this.#place(data, raw, samples);
      raw += samples === 0 ? (this.#format?.silenceSamples ?? 0) : samples;
    }
  }

  /** The picture has come to `tfdt` (of this track's timescale): sound that is missing is replaced. */
  cover(tfdt: number): void {
    const format = this.#format;
    if (!format || !this.#isDeclared || this.#isRefused) return;
    const { timescale } = this.times;
    const from = this.#next ?? this.#startTfdt;
    const missing = tfdt - from;
    if (missing > (fillMaxSeconds + missingSeconds) * timescale) return;
    if (missing <= (this.#isSilent ? silenceBehindSeconds + chunkSeconds : missingSeconds) * timescale) return;
    this.#isSilent = true;
    this.#fill(from, tfdt - silenceBehindSeconds * timescale, format);
  }

  /** Sends what waits for company. */
  flush(flags = 0): void {
    if (this.#pending.length === 0) return;
    const lost = this.#pendingLost ? recordFlag.lostBefore : 0;
    this.#pendingLost = false;
    const duration = this.#pendingDuration;
    this.times.endTfdt = this.#pendingTfdt + duration;
    // Every AAC and Opus frame is a sync sample.
    this.#records.chunk(this.times, this.#pending, {
      tfdt: this.#pendingTfdt,
      duration,
      flags: recordFlag.key | lost | flags,
    });
    for (const sample of this.#pending) this.#pool.push(sample);
    this.#pending.length = 0;
    this.#pendingDuration = 0;
  }

  finish(): void {
    this.flush(recordFlag.lastOfRun);
    this.#isDeclared = false;
  }

  #unitsOf(unit: AccessUnit): Buffer[] {
    const { payload } = unit;
    const data = payload.form === 'pieces' ? Buffer.concat(payload.pieces) : payload.data;
    try {
      if (!this.#format) {
        this.#format = audioFormatOf(this.#track, data);
        if (this.#format) this.times.timescale = this.#format.sampleRate;
      }
      return audioUnitsOf(this.#track.codec, data);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#score(false);
      return [];
    }
  }

  #samplesOf(data: Buffer): number {
    if (!this.#format) return 0;
    const samples = this.#format.samplesOf(data);
    this.#score(samples > 0);
    return samples;
  }

  #score(isGood: boolean): void {
    this.#badness = Math.max(0, this.#badness + (isGood ? -1 : badCost));
    if (this.#badness >= refuseAt) this.#isRefused = true;
  }

  #place(data: Buffer, raw: number, samples: number): void {
    const { timescale } = this.times;
    if (this.#next === null) {
      // What was heard before the picture began belongs to no run.
      if (raw < this.#startTfdt) return;
      this.#next = Math.round(raw);
    }
    const deviation = raw - this.#next;
    if (Math.abs(deviation) > fillMaxSeconds * timescale) {
      this.#strays += 1;
      this.dropped += 1;
      return;
    }
    this.#strays = 0;
    const slack = snapSeconds * timescale;
    if (deviation < -Math.max(slack, samples / 2)) {
      this.dropped += 1; // overlaps what is there already
      return;
    }
    if (deviation > slack) this.#close(deviation);
    this.#isSilent = false;
    this.#append(data, samples);
  }

  /** A hole in front of the next frame: silence as far as frames reach, the rest is a longer last frame. */
  #close(gap: number): void {
    const format = this.#format;
    const from = this.#next;
    if (!format || from === null) return;
    const last = this.#pending.at(-1);
    const rest = Math.round(gap % format.silenceSamples);
    if (last && rest > 0) {
      last.duration += rest;
      this.#pendingDuration += rest;
      this.#next = from + rest;
    }
    if (gap >= format.silenceSamples) this.#fill(this.#next ?? from, (this.#next ?? from) + gap - rest + 1, format);
  }

  /** Whole frames of silence from `from` to `to` at most, in chunks of their own that say so. */
  #fill(from: number, to: number, format: AudioFormat): void {
    this.flush();
    const perChunk = Math.max(1, Math.floor((chunkSeconds * this.times.timescale) / format.silenceSamples));
    let at = from;
    while (at + format.silenceSamples <= to) {
      const count = Math.min(perChunk, Math.floor((to - at) / format.silenceSamples));
      const samples = Array.from({ length: count }, () => newSample(format.silence, format.silenceSamples));
      const duration = count * format.silenceSamples;
      const flags = recordFlag.key | recordFlag.synthetic;
      this.#records.chunk(this.times, samples, { tfdt: at, duration, flags, synthetic: true });
      at += duration;
    }
    this.#next = at;
    this.times.endTfdt = at;
  }

  #append(data: Buffer, samples: number): void {
    if (this.#pendingDuration + samples > chunkSeconds * this.times.timescale) this.flush();
    const at = this.#next ?? 0;
    if (this.#pending.length === 0) this.#pendingTfdt = at;
    const sample = this.#pool.pop() ?? newSample(data, samples);
    sample.data = data;
    sample.size = data.length;
    sample.duration = samples;
    this.#pending.push(sample);
    this.#pendingDuration += samples;
    this.#next = at + samples;
  }
}

function newSample(data: Buffer, duration: number): ChunkSample {
  return { data, scan: null, pieces: null, size: data.length, duration, compositionOffset: 0, key: true };
}
