import { describe, expect, it } from 'vitest';

import { recordType, type ClockPayload } from '#server/contracts/log-record.ts';
import { clockOf, packagerReading, picture, rtpVideo, truthUs } from '#server/testing/packager-fixture.ts';

const daySeconds = 86_400;
const unitSeconds = 0.5;

interface Camera {
  /** RTP clock against truth, parts per million. */
  rtpPpm: number;
  /** The camera's wall clock at a true time, µs; null where it sends no reports. */
  wall: ((truth: number) => number) | null;
  /** From capture to arrival at least, µs. */
  pathUs: number;
}

/** A whole day of one camera on a virtual clock; the worst error of PROGRAM-DATE-TIME as the CLOCK records tell it, after the first minute. */
function worstErrorMs(camera: Camera): { worstMs: number; runs: number; kinds: Set<string>; clocks: number } {
  let line: ClockPayload | null = null;
  let worst = 0;
  let runs = 0;
  let clocks = 0;
  let truth = truthUs;
  const kinds = new Set<string>();
  const packager = packagerReading((read) => {
    const { header } = read;
    if (header.type === recordType.run) runs += 1;
    if (header.type === recordType.clock) {
      line = clockOf(read);
      clocks += 1;
      kinds.add(line.clock);
    }
    if (header.type !== recordType.chunk || !line || truth - truthUs < 60e6) return;
    // The chunk that comes out is the unit before the one that went in.
    const captured = truth - unitSeconds * 1e6;
    const told = line.utcUs + ((header.tfdt - line.tfdt) / 90_000) * 1e6 * (1 + line.ppb / 1e9);
    worst = Math.max(worst, Math.abs(told - captured), Math.abs(header.captureUs - captured));
  });
  packager.onEvent({ type: 'tracks', tracks: [rtpVideo({ fpsAnnounced: 2 })] });
  const ticksAt = (time: number) =>
    Math.round(4_294_900_000 + ((time - truthUs) * 0.09 * (1e6 + camera.rtpPpm)) / 1e6) % 2 ** 32;
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const units = daySeconds / unitSeconds;
  for (let i = 0; i < units; i += 1) {
    truth = truthUs + i * unitSeconds * 1e6;
    // Queues: mostly some milliseconds, now and then much more.
    const queueUs = random() ** 6 * 200_000 + random() * 4000;
    const arrivalUs = truth + camera.pathUs + queueUs;
    if (camera.wall && i % 10 === 0) {
      const jitter = (random() - 0.5) * 4000;
      const utcUs = camera.wall(truth) + jitter;
      packager.onEvent({ type: 'clock', track: 0, ticks: ticksAt(truth), utcUs, kind: 'sr', arrivalUs });
    }
    packager.onEvent(picture({ pts: ticksAt(truth), arrivalUs, key: i % 10 === 0 }));
  }
  return { worstMs: worst / 1000, runs, kinds, clocks };
}

const year1970 = (truth: number) => truth - truthUs + 4000e6;

describe('24 hours of a camera, on a virtual clock', () => {
  it.each([
    ['no reports, RTP clock 200 ppm fast', { rtpPpm: 200, wall: null, pathUs: 15_000 }, 'arrival'],
    ['no reports, RTP clock 200 ppm slow', { rtpPpm: -200, wall: null, pathUs: 15_000 }, 'arrival'],
    [
      'reports of a true clock, RTP 200 ppm fast',
      { rtpPpm: 200, wall: (truth: number) => truth, pathUs: 180_000 },
      'sr',
    ],
    [
      'reports of a true clock, RTP 200 ppm slow',
      { rtpPpm: -200, wall: (truth: number) => truth, pathUs: 180_000 },
      'sr',
    ],
    ['a clock that lives in 1970', { rtpPpm: 0, wall: year1970, pathUs: 15_000 }, 'sr-rate'],
    [
      '1970 and 200 ppm slow',
      { rtpPpm: -200, wall: (truth: number) => year1970(truth) * (1 - 200e-6), pathUs: 15_000 },
      'sr-rate',
    ],
  ] satisfies [string, Camera, string][])('keeps PROGRAM-DATE-TIME within 100 ms of truth: %s', (_, camera, kind) => {
    const { worstMs, runs, kinds, clocks } = worstErrorMs(camera);
    expect(worstMs).toBeLessThan(100);
    expect(runs).toBe(1);
    expect([...kinds]).toContain(kind);
    expect(clocks).toBeLessThan(6000);
  });

  it.each([
    ['an hour ahead', (truth: number) => truth + 3600e6],
    ['a day back', (truth: number) => truth - 86_400e6],
    ['to 1970', year1970],
  ])('does not follow a camera clock that was right and steps %s in the middle of the day', (_, stepped) => {
    const wall = (truth: number) => (truth - truthUs < 40_000e6 ? truth : stepped(truth));
    const { worstMs, runs, kinds } = worstErrorMs({ rtpPpm: 0, wall, pathUs: 30_000 });
    expect(worstMs).toBeLessThan(100);
    expect(runs).toBe(1);
    expect([...kinds]).toEqual(expect.arrayContaining(['sr', 'sr-rate']));
  });

  it('takes the word of a camera whose clock is set right in the middle of the day', () => {
    const wall = (truth: number) => (truth - truthUs < 40_000e6 ? year1970(truth) : truth);
    const { worstMs, runs, kinds } = worstErrorMs({ rtpPpm: 0, wall, pathUs: 30_000 });
    expect(worstMs).toBeLessThan(100);
    expect(runs).toBe(1);
    expect([...kinds]).toEqual(expect.arrayContaining(['sr', 'sr-rate']));
  });

  it('follows a believable step of the clock that it believed by one more run, and only one', () => {
    const wall = (truth: number) => (truth - truthUs < 40_000e6 ? truth - 900_000 : truth);
    const { runs } = worstErrorMs({ rtpPpm: 0, wall, pathUs: 30_000 });
    expect(runs).toBe(2);
  });

  it.each([200, -200])('does not follow a camera clock that was right once and drifts by %i ppm', (ppm) => {
    const wall = (truth: number) => truth + ((truth - truthUs) * ppm) / 1e6;
    const { worstMs, runs } = worstErrorMs({ rtpPpm: ppm, wall, pathUs: 30_000 });
    expect(worstMs).toBeLessThan(100);
    expect(runs).toBe(1);
  });
});
