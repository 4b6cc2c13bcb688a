import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { EarthClock, momentAt, momentIn, nowWithinMs, pastMsMax } from './earth-clock.ts';

const hour = 3_600_000;
const start = Date.parse('2026-11-22T12:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const aClock = (atMs: number | null = null) => new EarthClock({ atMs, now: () => Date.now() });

describe('the moment of the planet', () => {
  it('is now while live', () => {
    const clock = aClock();
    expect(clock.nowMs()).toBe(start);
    vi.advanceTimersByTime(5000);
    expect(clock.nowMs()).toBe(start + 5000);
    expect(clock.pastMs()).toBeNull();
  });

  it('runs on from where it was put, at its rate', () => {
    const clock = aClock();
    clock.goTo(start - hour);
    vi.advanceTimersByTime(2000);
    expect(clock.nowMs()).toBe(start - hour + 2000);
    clock.setRate(60);
    vi.advanceTimersByTime(1000);
    expect(clock.nowMs()).toBe(start - hour + 62_000);
    clock.setPlaying(false);
    vi.advanceTimersByTime(10_000);
    expect(clock.nowMs()).toBe(start - hour + 62_000);
    clock.setPlaying(true);
    vi.advanceTimersByTime(1000);
    expect(clock.nowMs()).toBe(start - hour + 122_000);
  });

  it('keeps rate and pause over a jump', () => {
    const clock = aClock(start - hour);
    clock.setRate(10);
    clock.setPlaying(false);
    clock.step(-60_000);
    expect(clock.state()).toEqual({
      mode: 'past',
      atMs: start - hour - 60_000,
      rate: 10,
      playing: false,
      anchorMs: start,
    });
  });

  it('is bounded by the range behind, and is live near now', () => {
    expect(momentAt(start - 2 * pastMsMax, start)).toMatchObject({ mode: 'past', atMs: start - pastMsMax });
    expect(momentAt(start - nowWithinMs + 1, start)).toEqual({ mode: 'live' });
    expect(momentAt(start + hour, start)).toEqual({ mode: 'live' });
    expect(momentAt(Number.NaN, start)).toEqual({ mode: 'live' });
  });

  it('holds the nearest past where a live planet is paused', () => {
    const clock = aClock();
    clock.setPlaying(false);
    expect(clock.pastMs()).toBe(start - nowWithinMs);
    vi.advanceTimersByTime(60_000);
    expect(clock.pastMs()).toBe(start - nowWithinMs);
  });

  it('becomes live where it is played faster than time and catches up', () => {
    const clock = aClock(start - 60_000);
    const stop = clock.onSecond(() => undefined);
    clock.setRate(60);
    vi.advanceTimersByTime(3000);
    expect(clock.state()).toEqual({ mode: 'live' });
    stop();
  });

  it('stays in the past at the rate of time, however near to now', () => {
    const clock = aClock(start - nowWithinMs);
    const stop = clock.onSecond(() => undefined);
    vi.advanceTimersByTime(3_600_000);
    expect(clock.state().mode).toBe('past');
    stop();
  });

  it('changes its state only when somebody acts, and tells each second where it is', () => {
    const clock = aClock(start - hour);
    const changed = vi.fn<() => void>();
    const seconds: number[] = [];
    clock.subscribe(changed);
    const stop = clock.onSecond((ms) => seconds.push(ms));
    const before = clock.state();
    vi.advanceTimersByTime(3000);
    expect(clock.state()).toBe(before);
    expect(changed).not.toHaveBeenCalled();
    expect(seconds).toEqual([start - hour + 1000, start - hour + 2000, start - hour + 3000]);
    clock.toLive();
    expect(changed).toHaveBeenCalledOnce();
    expect(seconds.at(-1)).toBe(start + 3000);
    stop();
    vi.advanceTimersByTime(3000);
    expect(seconds).toHaveLength(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('shows the sun under the hand that drags, while recordings stay where they are', () => {
    const clock = aClock(start - hour);
    clock.hold(start - 3 * hour);
    expect(clock.nowMs()).toBe(start - 3 * hour);
    expect(clock.pastMs()).toBe(start - hour);
    clock.goTo(start - 3 * hour);
    vi.advanceTimersByTime(1000);
    expect(clock.nowMs()).toBe(start - 3 * hour + 1000);
  });

  it('is a value that anybody can compute', () => {
    const moment = momentAt(start - hour, start, { rate: 5 });
    expect(momentIn(moment, start + 2000)).toBe(start - hour + 10_000);
    expect(momentIn({ mode: 'live' }, 42)).toBe(42);
  });
});
