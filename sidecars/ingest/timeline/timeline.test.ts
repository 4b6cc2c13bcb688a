import { describe, expect, it } from 'vitest';

import { DecodeOrder } from './decode-order.ts';
import { FrameGrid } from './frame-grid.ts';
import { LowerHull } from './lower-hull.ts';
import { SenderClock } from './sender-clock.ts';
import { Unwrapper } from './unwrap.ts';

describe('unwrapping', () => {
  it('goes on over the wrap, and back over it for a stamp that is late', () => {
    const unwrapper = new Unwrapper(33);
    expect([2 ** 33 - 100, 50, 2 ** 33 - 20, 200].map((ticks) => unwrapper.next(ticks))).toEqual([
      2 ** 33 - 100,
      2 ** 33 + 50,
      2 ** 33 - 20,
      2 ** 33 + 200,
    ]);
  });

  it('takes composition offsets the shorter way round, where pts wraps before dts', () => {
    expect(new Unwrapper(33).distance(4408, 8_589_927_000)).toBe(4408 + 2 ** 33 - 8_589_927_000);
  });

  it('begins its line at a report that comes before the first picture, across the wrap too', () => {
    const unwrapper = new Unwrapper(32);
    expect(unwrapper.near(2 ** 32 - 100)).toBe(2 ** 32 - 100);
    expect(unwrapper.next(50)).toBe(2 ** 32 + 50);
  });
});

describe('decode times from presentation times', () => {
  it('rise strictly and never pass the picture they belong to', () => {
    const order = new DecodeOrder();
    order.start(2, 2, 1);
    const shown = [2, 5, 3, 4, 8, 6, 7, 11, 9, 10];
    expect(shown.map((pts) => order.next(pts))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('see B-frames that the headers kept quiet about', () => {
    const order = new DecodeOrder();
    order.start(0, 0, 1);
    for (const pts of [0, 3, 1, 2, 6, 4, 5]) order.next(pts);
    expect(order.observedDepth).toBe(1);
  });

  it('forget a stray picture after a while, and B-frames that go on never', () => {
    const stray = new DecodeOrder();
    stray.start(0, 0, 1);
    for (const pts of [0, 1, 5, 2, 3, 4]) stray.next(pts);
    expect(stray.observedDepth).toBeGreaterThan(0);
    for (let pts = 6; pts < 1300; pts += 1) stray.next(pts);
    expect(stray.observedDepth).toBe(0);
    const steady = new DecodeOrder();
    steady.start(1, 0, 1);
    const depths = new Set<number>();
    for (let pts = 0; pts < 3000; pts += 2) {
      steady.next(pts + 1);
      steady.next(pts);
      depths.add(steady.observedDepth);
    }
    // None is known before the second picture.
    expect([...depths]).toEqual([1]);
  });
});

describe('the grid of frames', () => {
  it('pulls small jitter towards itself and leaves what is further as it is', () => {
    const grid = new FrameGrid(3000);
    expect(grid.next(0)).toBe(0);
    expect(grid.next(3100)).toBe(3010);
    expect(grid.next(8000)).toBe(8000);
  });

  it('learns the true duration, stamps in milliseconds included', () => {
    const grid = new FrameGrid(3600);
    for (let i = 0; i < 30; i += 1) grid.next(Math.round((i * 1000) / 30) * 90);
    expect(grid.nominal).toBeCloseTo(3000, 0);
  });

  it('never gives two frames the same place, even when the source steps back', () => {
    const grid = new FrameGrid(1500);
    const places = [0, 1500, 3000, 1500, 3000, 4500, 6000, 7500, 9000].map((raw) => grid.next(raw));
    for (const [i, place] of places.slice(1).entries()) expect(place).toBeGreaterThan(places[i] ?? 0);
    expect(Math.abs((places.at(-1) ?? 0) - 9000)).toBeLessThan(300);
  });
});

describe('the lower hull of delays', () => {
  it('finds the drift between two clocks under the noise of queues', () => {
    const hull = new LowerHull();
    for (let second = 0; second < 60; second += 0.1) {
      const queue = (Math.sin(second * 7919) + 1) * 20_000;
      hull.add(second * 1e6, 50_000 + second * 100 + queue, second * 1e6);
    }
    const line = hull.line();
    expect(line?.slope).toBeCloseTo(100e-6, 4);
    expect((line?.delay ?? 0) + (60e6 - (line?.time ?? 0)) * (line?.slope ?? 0)).toBeCloseTo(56_000, -4);
  });

  it('knows nothing before the first', () => {
    expect(new LowerHull().line()).toBeNull();
  });
});

describe('the clock of a sender', () => {
  it('is a line through its reports, and another clock after a step', () => {
    const clock = new SenderClock();
    expect(clock.report(0, 1e15)).toBe('first');
    for (let i = 1; i < 10; i += 1) expect(clock.report(i * 5e6, 1e15 + i * 5e6 * (1 + 50e-6))).toBe('steady');
    expect(clock.slope).toBeCloseTo(50e-6, 7);
    expect(clock.report(50e6, 2e15)).toBe('stepped');
    expect(clock.at(51e6)).toBe(2e15 + 1e6);
  });
});
