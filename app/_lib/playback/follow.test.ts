import { describe, expect, it } from 'vitest';

import { driftMsMax, Follower, type Correction } from './follow.ts';

const lookEveryMs = 200;

/** A picture that plays at the rate it is told, and whose jumps cost time: enough of a `<video>` to be kept in step. */
function simulate({
  behindMs,
  seekCostMs = 0,
  rate = 1,
  slow = 1,
}: {
  behindMs: number;
  seekCostMs?: number;
  rate?: number;
  slow?: number;
}) {
  const follower = new Follower();
  let nowMs = 0;
  let wantedMs = 1_000_000;
  let pictureMs = wantedMs - behindMs;
  let playbackRate = rate;
  let busyUntilMs = 0;
  let seeks = 0;
  const rates: number[] = [];
  const look = (): Correction => {
    const correction = follower.next({
      nowMs,
      wantedMs,
      pictureMs,
      isBusy: nowMs < busyUntilMs,
      rate,
      isPlaying: true,
    });
    if (correction.type === 'rate') {
      playbackRate = correction.rate;
      rates.push(correction.rate);
    }
    if (correction.type === 'seek') {
      pictureMs = correction.toMs;
      busyUntilMs = nowMs + seekCostMs;
      seeks += 1;
    }
    nowMs += lookEveryMs;
    wantedMs += lookEveryMs * rate;
    if (nowMs > busyUntilMs) pictureMs += lookEveryMs * playbackRate * slow;
    return correction;
  };
  return {
    run: (seconds: number) => {
      for (let step = 0; step < seconds * (1000 / lookEveryMs); step += 1) look();
      return { driftMs: Math.abs(wantedMs - pictureMs), seeks, rates };
    },
  };
}

describe('a picture that follows a clock', () => {
  it('comes into step from a small drift by rate alone, never faster than 15 % off', () => {
    const { driftMs, seeks, rates } = simulate({ behindMs: 280 }).run(10);
    expect(driftMs).toBeLessThan(60);
    expect(seeks).toBe(0);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1.15);
  });

  it('slows down where the picture is ahead', () => {
    const { driftMs, seeks, rates } = simulate({ behindMs: -250 }).run(10);
    expect(driftMs).toBeLessThan(60);
    expect(seeks).toBe(0);
    expect(Math.min(...rates)).toBeLessThan(1);
  });

  it('jumps where the drift is large, and aims ahead by what a jump costs', () => {
    const { driftMs, seeks } = simulate({ behindMs: 60_000, seekCostMs: 900 }).run(12);
    expect(driftMs).toBeLessThan(driftMsMax);
    expect(seeks).toBeLessThanOrEqual(3);
  });

  it('does the same at five times the speed', () => {
    const { driftMs } = simulate({ behindMs: 60_000, seekCostMs: 600, rate: 5 }).run(12);
    expect(driftMs).toBeLessThan(driftMsMax * 5);
  });

  it('does not jump on and on where the recording can not be played as fast as it is asked for', () => {
    const { seeks } = simulate({ behindMs: 0, slow: 0.5 }).run(60);
    expect(seeks).toBeLessThan(12);
  });

  it('says nothing while the picture is opening, and holds a paused one to its moment', () => {
    const follower = new Follower();
    const look = { nowMs: 0, wantedMs: 5000, pictureMs: null, isBusy: false, rate: 1, isPlaying: false };
    expect(follower.next(look)).toEqual({ type: 'none' });
    expect(follower.next({ ...look, pictureMs: 1000, isBusy: true })).toEqual({ type: 'none' });
    expect(follower.next({ ...look, pictureMs: 1000 })).toEqual({ type: 'seek', toMs: 5000 });
    expect(follower.next({ ...look, pictureMs: 4950, nowMs: 9000 })).toEqual({ type: 'none' });
  });

  it('answers a moved clock at once, whatever it was waiting for', () => {
    const follower = new Follower();
    const look = { nowMs: 0, wantedMs: 9000, pictureMs: 0, isBusy: false, rate: 1, isPlaying: true };
    expect(follower.next(look).type).toBe('seek');
    expect(follower.next({ ...look, nowMs: 200 }).type).toBe('rate');
    follower.jumped();
    expect(follower.next({ ...look, nowMs: 400 }).type).toBe('seek');
  });
});
