import { describe, expect, it } from 'vitest';

import { recordFlag, recordType } from '#server/contracts/log-record.ts';

import { SendRhythm } from './send-rhythm.ts';

const timescale = 90_000;

/** Sizes of the groups in which pictures go, the first of `length` a key frame, then one in each `gop`. */
function groups(fps: number, { length, gop }: { length: number; gop: number }): number[] {
  const rhythm = new SendRhythm(timescale);
  const sizes: number[] = [];
  let waiting = 0;
  for (let at = 0; at < length; at += 1) {
    waiting += 1;
    const flags = at % gop === 0 ? recordFlag.key : 0;
    if (!rhythm.goes({ type: recordType.chunk, flags, duration: Math.round(timescale / fps) }, true)) continue;
    sizes.push(waiting);
    waiting = 0;
  }
  return sizes;
}

describe('the rhythm in which records are sent', () => {
  it('sends the first picture at once and those of 60 fps by fours, so that each part of 0.2 s goes with its last one', () => {
    expect(groups(60, { length: 24, gop: 60 })).toEqual([1, 4, 4, 3, 4, 4, 4]);
  });

  it('lets none wait beyond the end of a part where the groups do not fit into it', () => {
    expect(groups(25, { length: 10, gop: 50 })).toEqual([1, 2, 2, 2, 2, 1]);
    expect(groups(50, { length: 10, gop: 50 })).toEqual([1, 3, 3, 3]);
  });

  it('holds back nothing of a slow camera', () => {
    expect(groups(15, { length: 6, gop: 30 })).toEqual([1, 1, 1, 1, 1, 1]);
    expect(groups(1, { length: 3, gop: 1 })).toEqual([1, 1, 1]);
  });

  it('sends a key frame at once that comes before the part was whole', () => {
    expect(groups(60, { length: 14, gop: 7 })).toEqual([1, 4, 3, 4]);
  });

  it('takes sounds along with the pictures, and sends at once what is no media and what ends a run', () => {
    const rhythm = new SendRhythm(timescale);
    const chunk = { type: recordType.chunk, flags: recordFlag.key, duration: 4000 };
    expect(rhythm.goes(chunk, false)).toBe(false);
    expect(rhythm.goes({ ...chunk, type: recordType.state }, false)).toBe(true);
    expect(rhythm.goes({ ...chunk, flags: recordFlag.lastOfRun }, false)).toBe(true);
    expect(rhythm.goes({ ...chunk, flags: recordFlag.lastOfRun, duration: 1500 }, true)).toBe(true);
  });
});
