import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { recordFlag, recordType, runPayload } from '#server/contracts/log-record.ts';
import {
  breaksOf,
  chunksOf,
  packagerReading,
  picture,
  rtpAudio,
  rtpVideo,
  runsOf,
  type Read,
} from '#server/testing/packager-fixture.ts';

import { monotonicUtcUs } from '../source.ts';
import { OutageSlate } from './outage-slate.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function reading() {
  const reads: Read[] = [];
  const packager = packagerReading((read) => reads.push(read));
  return { reads, packager, slate: new OutageSlate(packager) };
}

describe('the slate of an outage', () => {
  it('is a run of pictures and silence, flagged synthetic, without a hole, and ends when the source speaks again', () => {
    const { reads, packager, slate } = reading();
    const tracks = [rtpVideo(), rtpAudio()];
    slate.begin(tracks);
    vi.advanceTimersByTime(5000);
    slate.end();
    packager.reconnect();
    packager.onEvent({ type: 'tracks', tracks: [rtpVideo()] });
    const now = monotonicUtcUs();
    packager.onEvent({ type: 'clock', track: 0, ticks: 0, utcUs: now, kind: 'sr', arrivalUs: now });
    for (let i = 0; i < 50; i += 1)
      packager.onEvent(picture({ pts: i * 3600, arrivalUs: now + i * 40_000, key: i % 25 === 0 }));
    const [made, received] = runsOf(reads);
    expect(made).toMatchObject({ reason: 'slate' });
    expect(made?.tracks.map(({ codec }) => codec.split('.')[0])).toEqual(['avc1', 'mp4a']);
    expect(received?.reason).toBe('reconnect');
    const second = reads.findIndex(
      ({ header, payload }) =>
        header.type === recordType.run && runPayload.parse(JSON.parse(payload.toString())).run === 2,
    );
    const slateVideo = chunksOf(reads.slice(0, second), 1);
    const slateSound = chunksOf(reads.slice(0, second), 2);
    expect(slateVideo.length).toBeGreaterThanOrEqual(25);
    expect([...slateVideo, ...slateSound].every(({ header }) => (header.flags & recordFlag.synthetic) !== 0)).toBe(
      true,
    );
    // A key frame each two seconds, five pictures a second.
    expect(slateVideo.flatMap(({ header }, at) => ((header.flags & recordFlag.key) !== 0 ? [at] : []))).toEqual([
      0, 10, 20,
    ]);
    expect(slateVideo.slice(0, -1).every(({ header }) => header.duration === 18_000)).toBe(true);
    expect(breaksOf(reads, 1)).toEqual([]);
    expect(breaksOf(reads, 2)).toEqual([]);
    const seconds = slateSound.reduce((sum, { header }) => sum + header.duration, 0) / 48_000;
    expect(seconds).toBeGreaterThan(4.7);
    expect(chunksOf(reads.slice(second), 1).some(({ header }) => (header.flags & recordFlag.synthetic) !== 0)).toBe(
      false,
    );
  });

  it('does not stand in for a picture of another codec', () => {
    const { reads, slate } = reading();
    slate.begin([rtpVideo({ codec: 'hevc' })]);
    vi.advanceTimersByTime(2000);
    expect(slate.isRunning).toBe(false);
    expect(reads).toEqual([]);
  });
});
