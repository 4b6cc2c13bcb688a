import type { RungName } from '#server/contracts/camera-words.ts';
import type { SourceFault } from '#server/contracts/doctor.ts';
import { streamId as streamIdOf } from '#server/contracts/ids.ts';
import type { MediaState } from '#server/contracts/media-state.ts';
import type { FromSidecar, SegmentRow } from '#server/contracts/sidecar.ts';

import { judge, type Observation, type Verdict } from './measure.ts';
import type { PictureVerdict } from './picture/truth.ts';
import type { LiveStream } from './stream.ts';
import type { Viewers } from './viewers.ts';

interface Watched {
  stream: LiveStream;
  verdict: Verdict;
  since: number;
  viewed: boolean;
  fault: SourceFault | null;
  stillReason: Observation['stillReason'];
  wantedAt: number;
  /** Told last: a player of another codec has to begin anew. */
  run: number;
  /** Told last, as one word. */
  rungs: string;
  /** Closed segments of the minute in hand. */
  minuteMs: number;
  rows: SegmentRow[];
}

export interface ReporterOptions {
  viewers: Viewers;
  /** What is known of the picture. */
  truth: (stream: LiveStream) => PictureVerdict;
  /** Smaller pictures that are made of it. */
  rungs: (stream: LiveStream) => RungName[];
  send: (message: FromSidecar) => void;
}

const tellMs = 10_000;
const wantMs = 5000;
/** A window this old shows the past: who comes now waits for the next run. */
const staleMs = 60_000;
const minute = 60_000;

/** What the slicer tells the gateway: measured states, wants, segments, sequences. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #watched = new Map<string, Watched>();
  #toldAt = 0;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  watch(stream: LiveStream): void {
    const before = this.#watched.get(stream.id);
    const watched: Watched = {
      stream,
      verdict: before?.verdict ?? { state: 'unchecked', reason: null },
      since: before?.since ?? Date.now(),
      viewed: false,
      fault: before?.fault ?? null,
      stillReason: null,
      wantedAt: Number.NEGATIVE_INFINITY,
      run: 0,
      rungs: '',
      minuteMs: 0,
      rows: [],
    };
    this.#watched.set(stream.id, watched);
    stream.on('segment', (row) => this.#segment(watched, row));
    stream.on('writer', () => {
      // A writer is there: what ingest said before is over.
      if (stream.writing) watched.fault = null;
    });
  }

  forget(id: string): void {
    const watched = this.#watched.get(id);
    if (watched) this.#sendRows(watched);
    this.#watched.delete(id);
  }

  sourceState(id: string, fault: SourceFault | null): void {
    const watched = this.#watched.get(id);
    if (watched) watched.fault = fault;
  }

  /** Somebody asks for a stream that has no writer. */
  want(stream: LiveStream): void {
    const watched = this.#watched.get(stream.id);
    const now = performance.now();
    if (!watched || now - watched.wantedAt < wantMs) return;
    watched.wantedAt = now;
    this.#options.send({ type: 'want', streamId: streamIdOf.parse(stream.id) });
  }

  look(nowMs: number): void {
    const changed: MediaState[] = [];
    for (const watched of this.#watched.values()) {
      const { stream } = watched;
      this.#clearStale(stream, nowMs);
      if (!stream.writing && stream.waiters.count > 0) this.want(stream);
      if (watched.minuteMs > 0 && nowMs - watched.minuteMs > 2 * minute) this.#sendRows(watched);
      const viewed = this.#options.viewers.count(stream) > 0;
      const truth = this.#options.truth(stream);
      watched.stillReason = truth === 'moving' ? null : truth;
      const verdict = judge(this.#observe(watched, nowMs));
      const isNew = verdict.state !== watched.verdict.state || verdict.reason !== watched.verdict.reason;
      // Why may become known later: the state lasts since it began.
      if (verdict.state !== watched.verdict.state) watched.since = nowMs;
      watched.verdict = verdict;
      const run = stream.window.last?.run ?? 0;
      const rungs = this.#options.rungs(stream).join();
      const isOther = viewed !== watched.viewed || run !== watched.run || rungs !== watched.rungs;
      if (isNew || isOther) changed.push(this.state(stream, nowMs));
      Object.assign(watched, { viewed, run, rungs });
    }
    if (nowMs - this.#toldAt >= tellMs || nowMs < this.#toldAt) this.tellAll();
    else if (changed.length > 0) this.#options.send({ type: 'states', states: changed });
  }

  tellAll(): void {
    const nowMs = Date.now();
    this.#toldAt = nowMs;
    const streams = [...this.#watched.values()].map((watched) => watched.stream);
    if (streams.length === 0) return;
    this.#options.send({ type: 'states', states: streams.map((stream) => this.state(stream, nowMs)) });
    const sequences = streams
      .filter((stream) => stream.window.lastMediaSequence >= 0)
      .map((stream) => ({ streamId: streamIdOf.parse(stream.id), mediaSequence: stream.window.lastMediaSequence }));
    if (sequences.length > 0) this.#options.send({ type: 'sequences', sequences });
  }

  state(stream: LiveStream, nowMs: number): MediaState {
    const watched = this.#watched.get(stream.id);
    const observation = watched && this.#observe(watched, nowMs);
    const verdict = observation ? judge(observation) : { state: 'unchecked' as const, reason: null };
    const { meter, run, store } = stream;
    const arrives = observation?.arrivalAgeMs !== null && (observation?.arrivalAgeMs ?? 0) < 10_000;
    const rates = arrives ? meter.rates(nowMs) : null;
    const video = run?.tracks.find((track) => track.kind === 'video');
    const oldestMs = store?.oldestMs ?? null;
    return {
      streamId: stream.id,
      ...verdict,
      since: new Date(watched?.since ?? nowMs).toISOString(),
      measuredAt: new Date(nowMs).toISOString(),
      frameAgeMs: observation?.frameAgeMs ?? null,
      fps: rates && Math.round(rates.fps * 100) / 100,
      bitrate: rates && Math.round(rates.bitrate),
      width: video?.width ?? null,
      height: video?.height ?? null,
      codecs: run?.tracks.map((track) => track.codec).join(',') ?? null,
      gopSeconds: meter.gopSeconds,
      bFrames: video?.reorder === undefined ? null : video.reorder > 0,
      audio: run?.tracks.some((track) => track.kind === 'audio') ?? false,
      rungs: this.#options.rungs(stream),
      clock: meter.clock,
      viewers: this.#options.viewers.count(stream),
      dropped: stream.dropped,
      writing: stream.writing,
      recordedBytes: store?.bytes ?? 0,
      oldest: oldestMs === null ? null : new Date(oldestMs).toISOString(),
    };
  }

  #observe(watched: Watched, nowMs: number): Observation {
    const { stream, fault, stillReason } = watched;
    const { demo, onDemand, intervalSeconds } = stream.policy;
    const { newestArrivalMs, newestCaptureMs } = stream.meter;
    return {
      ended: stream.ended,
      demo,
      onDemand,
      intervalSeconds,
      arrivalAgeMs: newestArrivalMs === null ? null : Math.max(0, nowMs - newestArrivalMs),
      frameAgeMs: newestCaptureMs === null ? null : Math.max(0, nowMs - newestCaptureMs),
      stillReason,
      fault,
      writing: stream.writing,
    };
  }

  #clearStale(stream: LiveStream, nowMs: number): void {
    const { window, meter } = stream;
    const last = window.last;
    if (stream.writing || !last || stream.waiters.count > 0) return;
    if (stream.ended) return this.#letGoOfEnd(stream, nowMs);
    const newest = Math.max(meter.newestArrivalMs ?? 0, last.startMs + last.duration * 1000);
    if (nowMs - newest > staleMs) stream.clear();
  }

  /** What is over stays listed; its bytes are read from the disk, and go where the disk has none. */
  #letGoOfEnd(stream: LiveStream, nowMs: number): void {
    if (nowMs - (stream.endedAtMs ?? nowMs) < staleMs || stream.window.bytes === 0) return;
    if (!stream.window.releaseStored()) stream.clear();
  }

  #segment(watched: Watched, row: SegmentRow): void {
    const minuteMs = Math.floor(row[1] / minute) * minute;
    if (minuteMs !== watched.minuteMs) this.#sendRows(watched);
    watched.minuteMs = minuteMs;
    watched.rows.push(row);
  }

  #sendRows(watched: Watched): void {
    const { rows, minuteMs, stream } = watched;
    watched.rows = [];
    watched.minuteMs = 0;
    if (rows.length > 0)
      this.#options.send({ type: 'segments', streamId: streamIdOf.parse(stream.id), minuteMs, segments: rows });
  }
}
