import { expect, it } from 'vitest';

import { recordType } from '#server/contracts/log-record.ts';
import { highSets, packagerReading, picture, rtpVideo, truthUs } from '#server/testing/packager-fixture.ts';

/** Decode order I P B B P B B …, as displayed. */
const displayOf = (i: number) => (i === 0 ? 0 : i % 3 === 1 ? i + 2 : i - 1);

it.each([
  [33, 'with dts'],
  [32, 'with dts'],
  [32, 'with pts only'],
] as const)(
  'goes on in one line when a source that starts 5 s before its %i-bit wrap crosses it twice, %s',
  (wrapBits, stamps) => {
    const modulus = 2 ** wrapBits;
    const first = modulus - 5 * 90_000;
    const units = Math.ceil(modulus / 90_000) + 20;
    let runs = 0;
    let end: number | null = null;
    let breaks = 0;
    let chunks = 0;
    let firstTfdt = 0;
    let worstUs = 0;
    const durations = new Set<number>();
    const packager = packagerReading(({ header }) => {
      if (header.type === recordType.run) runs += 1;
      if (header.type !== recordType.chunk) return;
      if (end === null) firstTfdt = header.tfdt;
      else if (header.tfdt !== end) breaks += 1;
      end = header.tfdt + header.duration;
      durations.add(header.duration);
      const shown = displayOf(chunks) * 1e6;
      worstUs = Math.max(worstUs, Math.abs(header.captureUs - truthUs - shown));
      chunks += 1;
    });
    packager.onEvent({ type: 'tracks', tracks: [rtpVideo({ wrapBits, fpsAnnounced: 1 })] });
    packager.onEvent({ type: 'clock', track: 0, ticks: first, utcUs: truthUs, kind: 'sr', arrivalUs: truthUs + 1000 });
    for (let i = 0; i < units; i += 1) {
      const pts = (first + displayOf(i) * 90_000) % modulus;
      const dts = stamps === 'with dts' ? (first - 180_000 + i * 90_000) % modulus : null;
      const arrivalUs = truthUs + (i + 2) * 1e6;
      packager.onEvent(picture({ pts, dts, arrivalUs, key: i === 0 }, { sets: highSets }));
    }
    packager.end('test');
    expect({ runs, breaks, chunks }).toEqual({ runs: 1, breaks: 0, chunks: units });
    expect([...durations].every((duration) => Math.abs(duration - 90_000) <= 1)).toBe(true);
    expect((end ?? 0) - firstTfdt).toBe(units * 90_000);
    expect(worstUs).toBeLessThan(100_000);
  },
);
