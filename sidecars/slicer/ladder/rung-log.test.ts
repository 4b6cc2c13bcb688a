import { describe, expect, it } from 'vitest';

import { encodeRecord, recordFlag, recordType, type RecordHeader } from '#server/contracts/log-record.ts';

import { checkPlaylist } from '../playlist-rules.ts';
import { livePlaylist } from '../playlist/live-playlist.ts';
import type { LiveStream } from '../stream.ts';
import { aLiveStream } from '../testing/a-live-stream.ts';
import { RungLog } from './rung-log.ts';
import { rungsBelow } from './rung.ts';

const frame = 3600;
const gop = 50;
const video = { track: 1, kind: 'video', codec: 'avc1.64001f', timescale: 90_000, width: 1280, height: 720, fps: 25 };
const startUs = Date.UTC(2026, 10, 23) * 1000;

type Log = Pick<LiveStream, 'record' | 'beginWriter'>;

/** What a writer sends for frames `from` up to `to` (excluded), a key frame each two seconds. */
class Sender {
  readonly #log: Log;
  readonly #track: number;
  #seq = 0;

  constructor(log: Log, track: number, epoch = 1) {
    this.#log = log;
    this.#track = track;
    log.beginWriter(epoch);
  }

  run(run: number): void {
    this.#send({ type: recordType.run }, { run, reason: 'start', tracks: [{ ...video, track: this.#track }] });
    this.#send({ type: recordType.init, track: this.#track }, Buffer.from(`init of ${run}`));
  }

  frames(from: number, to: number, keyAt: number | null = null): void {
    for (let at = from; at < to; at += 1) {
      const flags = at % gop === 0 || at === keyAt ? recordFlag.key : 0;
      const place = { track: this.#track, tfdt: at * frame, duration: frame, captureUs: startUs + at * 40_000 };
      this.#send({ type: recordType.chunk, flags, ...place }, Buffer.from(`${at};`));
    }
  }

  #send(header: Partial<RecordHeader> & Pick<RecordHeader, 'type'>, payload: Buffer | object): void {
    this.#seq += 1;
    const whole = { flags: 0, track: 0, tfdt: 0, duration: 0, captureUs: 0, clock: 'arrival' as const, seq: this.#seq };
    this.#log.record(encodeRecord({ ...whole, ...header }, payload));
  }
}

function aLadder() {
  const stream = aLiveStream();
  const source = new Sender(stream, 1);
  source.run(1);
  const rung = rungsBelow({ ...video, kind: 'video' }, null).at(-1);
  if (!rung) throw new Error('no rung');
  const begin = (from = 0) => new RungLog(stream, rung, from);
  /** The log numbers runs anew; its readers are told that number. */
  const transcoder = (log: RungLog, epoch = 1) => {
    const writer = new Sender(log, rung.track, epoch);
    writer.run(stream.lastRun);
    return writer;
  };
  return { stream, source, begin, transcoder, track: rung.track };
}

const textOf = (log: Pick<LiveStream, 'window'>) => livePlaylist(log.window.view(false), false);
const shapeOf = ({ window }: Pick<LiveStream, 'window'>) =>
  window.segments.map(({ mediaSequence, parts, duration, startMs, closed }) => ({
    mediaSequence,
    startMs,
    duration,
    closed,
    parts: parts.map((part) => [part.duration, part.independent]),
  }));
const bytesOf = (log: RungLog, at: number) =>
  log.window.segments[at]?.parts.map((part) => part.data?.toString()).join('') ?? '';
const framesOf = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i};`).join('');

describe('the log of a rung', () => {
  it('is cut where the source is cut, whoever comes first', () => {
    const { stream, source, begin, transcoder } = aLadder();
    source.frames(0, 60);
    const log = begin();
    const writer = transcoder(log);
    writer.frames(0, 57);
    source.frames(60, 120);
    expect(log.window.lastMediaSequence).toBe(stream.window.lastMediaSequence - 1);
    writer.frames(57, 120);
    expect(shapeOf(log)).toEqual(shapeOf(stream));
    expect(bytesOf(log, 0)).toBe(framesOf(0, 50));
    expect(bytesOf(log, 1)).toBe(framesOf(50, 100));
    expect(checkPlaylist(textOf(log))).toEqual([]);
    expect(log.lagSeconds).toBe(0);
  });

  it('publishes no part before its last picture is here', () => {
    const { source, begin, transcoder } = aLadder();
    const log = begin();
    source.frames(0, 20);
    const writer = transcoder(log);
    writer.frames(0, 9);
    expect(log.window.open?.parts).toHaveLength(1);
    expect(log.lagSeconds).toBeCloseTo(0.44);
    writer.frames(9, 10);
    expect(log.window.open?.parts).toHaveLength(2);
  });

  it('begins with a segment that nobody has seen of it', () => {
    const { stream, source, begin, transcoder } = aLadder();
    source.frames(0, 160);
    const log = begin(stream.window.lastMediaSequence);
    const writer = transcoder(log);
    writer.frames(100, 160);
    source.frames(160, 210);
    writer.frames(160, 210);
    expect(log.window.segments[0]?.mediaSequence).toBe(stream.window.segments[3]?.mediaSequence);
    expect(bytesOf(log, 0)).toBe(framesOf(150, 200));
  });

  it('goes on at the picture where a transcoder died', () => {
    const { source, begin, transcoder } = aLadder();
    const log = begin();
    source.frames(0, 120);
    const first = transcoder(log);
    first.frames(0, 63);
    expect(log.resumeAt).toBe(60 * frame);
    expect(log.readFromMs).toBe(startUs / 1000 + 2000);
    const second = transcoder(log, 2);
    second.frames(60, 120, 60);
    expect(bytesOf(log, 0) + bytesOf(log, 1)).toBe(framesOf(0, 100));
    expect(checkPlaylist(textOf(log))).toEqual([]);
  });

  it('says where pictures are missing, and keeps the numbers of the source', () => {
    const { stream, source, begin, transcoder } = aLadder();
    const log = begin();
    source.frames(0, 210);
    const writer = transcoder(log);
    writer.frames(0, 65);
    // What was left out for it; what follows up to the next key frame can't be decoded.
    writer.frames(90, 210);
    expect(log.window.segments.map((segment) => segment.mediaSequence)).toEqual(
      stream.window.segments.map((segment) => segment.mediaSequence),
    );
    const text = textOf(log);
    expect(checkPlaylist(text)).toEqual([]);
    expect(text).toMatch(/#EXT-X-GAP\n#EXTINF:2,\ns\/\d+1\.m4s/);
    expect(text.match(/#EXT-X-GAP/g)).toHaveLength(1);
    expect(text.match(/GAP=YES/g)).toHaveLength(7);
    expect(bytesOf(log, 2)).toBe(framesOf(100, 150));
  });

  it('refuses another init under the number of a run', () => {
    const { stream, source, begin, transcoder, track } = aLadder();
    const log = begin();
    source.frames(0, 20);
    transcoder(log);
    const init = { type: recordType.init, flags: 0, track, seq: 9, tfdt: 0, duration: 0, captureUs: 0 } as const;
    expect(() => log.record(encodeRecord({ ...init, clock: 'arrival' }, Buffer.from('another')))).toThrow(
      `another init of run ${stream.lastRun}`,
    );
  });
});
