import { describe, expect, it } from 'vitest';

import { LiveChase } from './live-chase.ts';

const partTarget = 0.2;
/** Three parts and a tenth, as the playlist asks. */
const target = 0.62;
const at = (latency: number, ahead = latency - partTarget) => ({ latency, target, ahead, partTarget });

/** Plays on at the rates that are asked for, looked at four times a second; the latency after so long. */
function playFor(chase: LiveChase, seconds: number, start: { latency: number; nowMs: number }): number {
  let { latency } = start;
  for (let tick = 0; tick < seconds * 4; tick += 1)
    latency -= (chase.rateAt(at(latency), start.nowMs + tick * 250) - 1) * 0.25;
  return latency;
}

describe('the chase to the live edge', () => {
  it('comes back from a stall of a second within ten, though less than a second lies ahead', () => {
    const chase = new LiveChase();
    const nowMs = 1_000_000;
    chase.stalled(nowMs);
    const latency = playFor(chase, 10, { latency: target + 1, nowMs });
    expect(latency).toBeLessThan(target + 0.25);
    expect(latency).toBeGreaterThan(target + 0.15);
  });

  it('forgives a stall after half a minute without another', () => {
    const chase = new LiveChase();
    const nowMs = 1_000_000;
    chase.stalled(nowMs);
    chase.stalled(nowMs);
    expect(playFor(chase, 29, { latency: target + 1, nowMs })).toBeGreaterThan(target + 0.3);
    const half = playFor(chase, 29, { latency: target + 0.5, nowMs: nowMs + 30_000 });
    expect(half).toBeGreaterThan(target + 0.15);
    expect(half).toBeLessThan(target + 0.2);
    expect(playFor(chase, 29, { latency: target + 0.5, nowMs: nowMs + 60_000 })).toBeLessThan(target + 0.05);
  });

  it('keeps a bounded distance however often the picture stalls', () => {
    const chase = new LiveChase();
    for (let stall = 0; stall < 50; stall += 1) chase.stalled(stall * 100);
    expect(chase.margin(5000)).toBe(1);
  });

  it('plays as it is at the edge, and nowhere else than where there is something in store', () => {
    const chase = new LiveChase();
    expect(chase.rateAt(at(target + 0.05), 0)).toBe(1);
    expect(chase.rateAt(at(target + 1, 0.3), 0)).toBe(1);
    expect(chase.rateAt({ ...at(target + 1), partTarget: null }, 0)).toBe(1);
    expect(chase.rateAt(at(target + 1), 0)).toBe(1.25);
  });

  it('does not flutter: who is chased arrives before it ends', () => {
    const chase = new LiveChase();
    expect(chase.rateAt(at(target + 0.1), 0)).toBe(1.05);
    expect(chase.rateAt(at(target + 0.04), 0)).toBe(1.05);
    expect(chase.rateAt(at(target + 0.01), 0)).toBe(1);
    expect(chase.rateAt(at(target + 0.04), 0)).toBe(1);
  });
});
