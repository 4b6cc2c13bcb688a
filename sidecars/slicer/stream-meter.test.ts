import { describe, expect, it } from 'vitest';

import { recordFlag, recordType, type RecordHeader } from '#server/contracts/log-record.ts';

import { StreamMeter } from './stream-meter.ts';

const aChunk = (over: Partial<RecordHeader> = {}): RecordHeader => ({
  type: recordType.chunk,
  flags: 0,
  track: 1,
  seq: 1,
  tfdt: 0,
  duration: 3600,
  captureUs: 1_000_000,
  clock: 'sr',
  ...over,
});

describe('the meter of a stream', () => {
  it('does not take the held-back last frame of a run for a sign of life', () => {
    const meter = new StreamMeter();
    meter.chunk(aChunk(), 1000, { lead: true, nowMs: 1040, timescale: 90_000 });
    const late = aChunk({ flags: recordFlag.lastOfRun, captureUs: 1_040_000 });
    meter.chunk(late, 1000, { lead: true, nowMs: 6000, timescale: 90_000 });
    expect(meter.newestArrivalMs).toBe(1040);
    expect(meter.newestCaptureMs).toBe(1040);
  });
});
