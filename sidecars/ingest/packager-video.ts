import { recordFlag } from '#server/contracts/log-record.ts';
import type { ChunkSample } from '#sidecars/cmaf/chunk-writer.ts';
import { NalScan } from '#sidecars/codec/annexb.ts';

import { parameterSetsInBand, withSetsInBand } from './codec/parameter-sets-in-band.ts';
import { VideoFormatWatch, type VideoFormat } from './codec/video-format.ts';
import type { RecordWriter } from './packager-records.ts';
import type { TimedUnit, TrackAnnouncement, TrackTimes } from './packager-track.ts';
import type { AccessUnit, SourceVideoTrack, VideoCodec } from './source.ts';
import { DecodeOrder } from './timeline/decode-order.ts';
import { FrameGrid } from './timeline/frame-grid.ts';

export const videoTimescale = 90_000;
const fpsDefault = 25;
/** A hole in media time longer than this, and than four frames, ends the run: a browser would wait, and parts may not be that long. */
const holeSeconds = 1;
const holeFrames = 4;

interface Slot {
  sample: ChunkSample;
  scan: NalScan;
  tfdt: number;
  lostBefore: boolean;
}

const nothing = Buffer.alloc(0);

/**
 * The picture of a run: one frame a chunk, exact durations. So one access unit is held until the next one tells how long it lasts; a
 * guessed duration would make browsers drop frames (media contract §1).
 */
export class VideoPipe {
  readonly times: TrackTimes;
  readonly format: VideoFormatWatch;
  readonly #track: SourceVideoTrack;
  readonly #hevc: boolean;
  readonly #records: RecordWriter;
  readonly #grid: FrameGrid;
  readonly #order = new DecodeOrder();
  #held: Slot;
  #next: Slot;
  #isHolding = false;
  readonly #one: ChunkSample[] = [];
  #hole = 0;
  /** Frames the run was begun with that may be reordered; null where nobody said. */
  #reorder: number | null = null;
  /** Goes in front of the next picture. */
  #sets: Buffer = nothing;
  #areSetsInBand = false;

  constructor(track: SourceVideoTrack, codec: VideoCodec, parts: { times: TrackTimes; records: RecordWriter }) {
    this.#track = track;
    this.#hevc = codec === 'hevc';
    this.times = parts.times;
    this.#records = parts.records;
    this.format = new VideoFormatWatch(track, codec);
    const fps = this.format.current?.fps ?? track.fpsAnnounced ?? fpsDefault;
    this.#grid = new FrameGrid(videoTimescale / fps);
    this.#held = newSlot();
    this.#next = newSlot();
  }

  /** What a frame usually lasts, in source ticks. */
  get frameTicks(): number {
    return (this.#grid.nominal * this.#track.timescale) / videoTimescale;
  }

  /** B-frames that the headers kept quiet about: the next run has to begin with another reorder depth. */
  get isReorderWrong(): boolean {
    return this.#reorder !== null && this.#order.observedDepth > this.#reorder;
  }

  /** Whether the unit is a key frame. Its NAL units are found on the way, once. */
  scan(unit: AccessUnit): boolean {
    if (unit.payload.form !== 'annexb') return unit.key;
    this.#next.scan.scan(unit.payload.data, this.#hevc);
    return unit.key || this.#next.scan.key;
  }

  /** Compares the headers of a key frame just scanned. Throws CodecError on damaged ones. */
  hasNewFormat(unit: AccessUnit): boolean {
    return this.format.look(unit.payload, unit.payload.form === 'annexb' ? this.#next.scan : null);
  }

  /** Whether the time since the unit before is a hole: longer than frames of this source are. */
  isHole(timed: TimedUnit): boolean {
    const step = (timed.step * videoTimescale) / this.#track.timescale;
    if (step <= Math.max(holeSeconds * videoTimescale, holeFrames * this.#grid.nominal)) {
      this.#hole = 0;
      return false;
    }
    // The second of its kind in a row is no hole: the source has become that slow.
    const isSlow = step <= 2 * this.#hole;
    this.#hole = step;
    return !isSlow;
  }

  /** The frames of the first moments tell their rate, before a run has to announce it. */
  learn(pts: readonly number[]): void {
    const sorted = pts.toSorted((a, b) => a - b);
    for (const at of sorted) this.#grid.next((at * videoTimescale) / this.#track.timescale);
    this.#grid.restart();
  }

  /** Decode time, in source ticks, of the key frame that begins a run. `follows`: another run of the stream may be before it in a player. */
  begin(timed: TimedUnit, follows: boolean): number {
    this.#grid.restart();
    const { current } = this.format;
    // FFmpeg passes over every moov but the first: it learns of other parameter sets from the picture alone.
    this.#sets = follows && current && this.#mayBeInBand(current) ? parameterSetsInBand(current) : nothing;
    this.#areSetsInBand = this.#sets.length > 0;
    this.#records.videoConfig = current?.config ?? null;
    if (timed.dts !== null) {
      this.#reorder =
        this.format.current?.reorder ?? Math.max(0, Math.round((timed.pts - timed.dts) / this.frameTicks));
      return timed.dts;
    }
    // What was seen counts even against the headers: a run that begins with less would be found wrong at each key frame anew.
    this.#reorder = Math.max(this.format.current?.reorder ?? 0, this.#order.observedDepth);
    this.#order.start(this.#reorder, timed.pts, this.frameTicks);
    return this.#reorder === 0 ? timed.pts : timed.pts - this.#reorder * this.frameTicks;
  }

  /** `hvc1` is all that Safari takes, and forbids sets in band: HEVC leaves it only where they did change. */
  #mayBeInBand({ sampleEntry, config }: VideoFormat): boolean {
    const before = this.#records.videoConfig;
    return sampleEntry !== 'hvc1' || (before !== null && !before.equals(config));
  }

  /** Takes the unit last scanned; the one held before goes out. */
  push(timed: TimedUnit, key: boolean): void {
    const dts = timed.dts ?? this.#order.next(timed.pts);
    const place = this.#grid.next(this.times.tfdtOf(dts));
    let tfdt = Math.round(place);
    if (this.#isHolding) {
      tfdt = Math.max(tfdt, this.#held.tfdt + 1);
      this.#flush(tfdt - this.#held.tfdt, 0);
    }
    const slot = this.#next;
    const { sample, scan } = slot;
    const { payload } = timed.unit;
    sample.key = key;
    sample.compositionOffset = Math.round(((timed.pts - dts) * videoTimescale) / this.#track.timescale);
    sample.scan = payload.form === 'annexb' ? scan : null;
    sample.pieces = payload.form === 'pieces' ? payload.pieces : null;
    sample.data = payload.form === 'pieces' ? nothing : payload.data;
    sample.size =
      payload.form === 'annexb' ? scan.size : payload.form === 'pieces' ? payload.size : payload.data.length;
    if (this.#sets.length > 0) this.#putSetsBefore(sample);
    slot.tfdt = tfdt;
    slot.lostBefore = timed.unit.lostBefore || this.times.lostBefore;
    this.times.lostBefore = false;
    this.#next = this.#held;
    this.#held = slot;
    this.#isHolding = sample.size > 0;
  }

  #putSetsBefore(sample: ChunkSample): void {
    const { scan, pieces, data } = sample;
    sample.pieces = [this.#sets, ...(scan?.prefixed(data) ?? pieces ?? [data])];
    sample.scan = null;
    sample.data = nothing;
    sample.size += this.#sets.length;
    this.#sets = nothing;
  }

  /** The run ends: the held frame goes out with its duration up to `nextDts`, or the usual one. */
  finish(nextDts: number | null): void {
    if (!this.#isHolding) return;
    const { nominal } = this.#grid;
    const exact = nextDts === null ? nominal : this.times.tfdtOf(nextDts) - this.#held.tfdt;
    const duration = exact > 0 && exact <= 2 * nominal ? exact : nominal;
    this.#flush(Math.max(1, Math.round(duration)), recordFlag.lastOfRun);
  }

  /** Place of the frame held: how far the picture has come. */
  get headTfdt(): number {
    return this.#held.tfdt;
  }

  announce(): TrackAnnouncement | null {
    const format = this.format.current;
    if (!format) return null;
    const { width, height, codec, sampleEntry, config } = this.#areSetsInBand ? withSetsInBand(format) : format;
    const { language, fpsAnnounced } = this.#track;
    const { id } = this.times;
    const fps = this.#grid.isLearnt ? videoTimescale / this.#grid.nominal : (format.fps ?? fpsAnnounced ?? null);
    return {
      run: {
        track: id,
        kind: 'video',
        codec,
        timescale: videoTimescale,
        width,
        height,
        reorder: this.#reorder ?? 0,
        ...(fps === null ? {} : { fps: Math.round(fps * 1000) / 1000 }),
        ...(language === undefined ? {} : { language }),
      },
      init: { kind: 'video', id, timescale: videoTimescale, language, sampleEntry, config, width, height },
    };
  }

  #flush(duration: number, flags: number): void {
    const { sample, tfdt, lostBefore } = this.#held;
    sample.duration = duration;
    this.#one[0] = sample;
    this.#isHolding = false;
    this.times.endTfdt = tfdt + duration;
    const keyFlag = sample.key ? recordFlag.key : 0;
    this.#records.chunk(this.times, this.#one, {
      tfdt,
      duration,
      flags: flags | keyFlag | (lostBefore ? recordFlag.lostBefore : 0),
    });
    // Payloads are the source's memory: nothing is kept longer than it must.
    sample.data = nothing;
    sample.pieces = null;
  }
}

function newSlot(): Slot {
  const scan = new NalScan();
  const sample = { data: nothing, scan: null, pieces: null, size: 0, duration: 0, compositionOffset: 0, key: false };
  return { scan, sample, tfdt: 0, lostBefore: false };
}
