import { expect, it } from 'vitest';

import { encodeRecord, recordType, type StatePayload } from '#server/contracts/log-record.ts';

import { stuckOf } from './stuck.ts';
import { aLiveStream } from './testing/a-live-stream.ts';

function state(source: StatePayload['source']): Buffer {
  return encodeRecord(
    { type: recordType.state, flags: 0, track: 0, seq: 0, tfdt: 0, duration: 0, captureUs: 0, clock: 'arrival' },
    { fps: 25, bitrate: 1_000_000, lost: 0, dropped: 0, source } satisfies StatePayload,
  );
}

it('is stuck while a connected writer whose source is read sends nothing for ten seconds', () => {
  const stream = aLiveStream();
  const stuck = (nowMs: number) => stuckOf([aLiveStream(), stream], nowMs) !== null;
  stream.beginWriter(1);
  expect(stuck(60_000)).toBe(false);
  stream.record(state('connected'), 60_000);
  expect([stuck(70_000), stuck(70_001)]).toEqual([false, true]);
  stream.record(state('connected'), 70_001);
  expect(stuck(70_002)).toBe(false);
  stream.record(state('reconnecting'), 71_000);
  expect(stuck(90_000)).toBe(false);
  stream.record(state('connected'), 91_000);
  stream.endWriter();
  expect(stuck(120_000)).toBe(false);
  stream.beginWriter(2);
  expect(stuck(120_000)).toBe(false);
});
