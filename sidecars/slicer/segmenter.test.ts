import { describe, expect, it } from 'vitest';

import type { RunTrack } from '#server/contracts/log-record.ts';

import type { LogChunk } from './disk/segment.ts';
import { partShareMin, targetDurationSlack } from './part-target.ts';
import { Segmenter, type Cut } from './segmenter.ts';

const video: RunTrack = { track: 1, kind: 'video', codec: 'avc1.42c01f', timescale: 90_000 };
const audio: RunTrack = { track: 2, kind: 'audio', codec: 'mp4a.40.2', timescale: 48_000 };

/** Frames of these durations (seconds); key frames where `isKey` says. */
function frames(durations: number[], isKey: (index: number) => boolean, from = 0): LogChunk[] {
  let tfdt = from;
  return durations.map((seconds, index) => {
    const duration = Math.round(seconds * 90_000);
    const chunk = {
      track: 1,
      data: Buffer.from([index]),
      tfdt,
      duration,
      captureUs: 0,
      key: isKey(index),
      synthetic: false,
    };
    tfdt += duration;
    return chunk;
  });
}

const steady = (fps: number, gop: number, seconds: number) =>
  frames(
    Array.from({ length: fps * seconds }, () => 1 / fps),
    (index) => index % gop === 0,
  );

function cutAll(chunks: LogChunk[], options: Partial<ConstructorParameters<typeof Segmenter>[0]> = {}): Cut[] {
  const segmenter = new Segmenter({ nextMediaSequence: 0, targetDuration: 2, partTarget: null, ...options });
  segmenter.beginRun([video, audio]);
  return chunks.flatMap((chunk) => segmenter.push(chunk));
}

function aSound(index: number): LogChunk {
  const data = Buffer.from('a');
  return { track: 2, data, tfdt: index * 4096, duration: 4096, captureUs: 0, key: true, synthetic: false };
}

const of = <Type extends Cut['type']>(cuts: Cut[], type: Type) =>
  cuts.filter((cut): cut is Extract<Cut, { type: Type }> => cut.type === type);
const durationsOf = (cuts: Cut[]) => of(cuts, 'closed').map((cut) => Math.round(cut.duration * 1000) / 1000);
const target = (cuts: Cut[]) => Math.round((of(cuts, 'partTarget').at(-1)?.seconds ?? 0) * 1000) / 1000;

/** Listed parts that break PART-TARGET; the last part of a segment and independent ones may be short. */
function illegalParts(cuts: Cut[]): number[] {
  const bad: number[] = [];
  let partTarget = 0;
  let lists = true;
  cuts.forEach((cut, index) => {
    if (cut.type === 'partTarget') partTarget = cut.seconds;
    if (cut.type === 'opened') lists = cut.listsParts;
    if (cut.type !== 'part' || !lists) return;
    const isLast = cuts[index + 1]?.type === 'closed' || !cuts.slice(index).some((each) => each.type === 'closed');
    if (cut.duration > partTarget + 1e-4 || (cut.duration < partTarget * partShareMin && !cut.independent && !isLast)) {
      bad.push(cut.duration);
    }
  });
  return bad;
}

describe('the segmenter', () => {
  it.each([
    { fps: 60, expected: 0.2 },
    { fps: 30, expected: 0.2 },
    { fps: 25, expected: 0.2 },
    { fps: 24, expected: 0.167 },
    { fps: 7, expected: 0.143 },
    { fps: 1, expected: 1 },
  ])('chooses a part target of whole frames: $expected s at $fps fps', ({ fps, expected }) => {
    const cuts = cutAll(steady(fps, fps, 6));
    expect(target(cuts)).toBe(expected);
    expect(illegalParts(cuts)).toEqual([]);
  });

  it('gives out a part with its last frame, not with the first of the next', () => {
    const cuts = cutAll(steady(25, 25, 1).slice(0, 5));
    expect(of(cuts, 'part')).toHaveLength(1);
  });

  it('opens segments on key frames and joins short GOPs up to two seconds', () => {
    expect(durationsOf(cutAll(steady(25, 25, 9)))).toEqual([2, 2, 2, 2]);
    expect(durationsOf(cutAll(steady(20, 10, 9)))).toEqual([2, 2, 2, 2]);
    expect(durationsOf(cutAll(steady(20, 30, 6)))).toEqual([1.5, 1.5, 1.5]);
    const cuts = cutAll(steady(25, 100, 17), { targetDuration: 4 });
    expect(durationsOf(cuts)).toEqual([4, 4, 4, 4]);
    expect(of(cuts, 'opened').every((cut) => cut.independent)).toBe(true);
  });

  it('cuts a GOP beyond the target duration where it stands, and says that the segment is not independent', () => {
    const cuts = cutAll(steady(25, 250, 21));
    for (const duration of durationsOf(cuts)) expect(duration).toBeLessThanOrEqual(2 + targetDurationSlack);
    expect(
      of(cuts, 'opened')
        .map((cut) => cut.independent)
        .slice(0, 6),
    ).toEqual([true, false, false, false, false, true]);
  });

  it('never waits for audio: it rides in whatever part is open, and none is lost', () => {
    const chunks = steady(25, 25, 4);
    const sound = Array.from({ length: 12 }, (_, index) => aSound(index));
    // All of it comes half a second late, in one burst.
    const cuts = cutAll([...chunks.slice(0, 62), ...sound, ...chunks.slice(62)]);
    expect(illegalParts(cuts)).toEqual([]);
    expect(
      of(cuts, 'part')
        .flatMap((cut) => cut.chunks)
        .filter((chunk) => chunk.track === 2),
    ).toHaveLength(12);
  });

  it('keeps the sound that comes before the first picture of a run that goes on where the log broke off', () => {
    const segmenter = new Segmenter({ nextMediaSequence: 9, targetDuration: 2, partTarget: 0.2 });
    segmenter.beginRun([video, audio], true);
    const rest = steady(25, 25, 2).slice(10);
    const cuts = [aSound(0), aSound(1), ...rest].flatMap((chunk) => segmenter.push(chunk));
    expect(of(cuts, 'opened')[0]).toMatchObject({ mediaSequence: 9, independent: false });
    expect(
      of(cuts, 'part')[0]
        ?.chunks.slice(0, 2)
        .map((chunk) => chunk.track),
    ).toEqual([2, 2]);
  });

  it('waits for a key frame before the first segment of a run', () => {
    const cuts = cutAll(steady(25, 25, 2).slice(10));
    expect(of(cuts, 'opened')[0]?.first.key).toBe(true);
  });

  it.each([10, 12, 7, 3])('keeps every listed part legal when a camera of 25 fps gives %i at night', (night) => {
    const day = steady(25, 25, 6);
    const end = 6 * 90_000;
    const dark = frames(
      Array.from({ length: night * 12 }, () => 1 / night),
      (index) => index % (2 * night) === 0,
      end,
    );
    const morning = frames(
      Array.from({ length: 150 }, () => 0.04),
      (index) => index % 25 === 0,
      end + 12 * 90_000,
    );
    const cuts = cutAll([...day, ...dark, ...morning]);
    expect(illegalParts(cuts)).toEqual([]);
    // Low latency comes back within two GOPs of either change.
    expect(of(cuts, 'opened').filter((cut) => !cut.listsParts).length).toBeLessThanOrEqual(4);
    expect(of(cuts, 'opened').at(-1)?.listsParts).toBe(true);
    const media = of(cuts, 'part').flatMap((cut) => cut.chunks);
    expect(media.every((chunk, index) => index === 0 || chunk.tfdt > (media[index - 1]?.tfdt ?? 0))).toBe(true);
  });

  it('keeps parts legal when frames come ± 5 ms off their grid', () => {
    const jitter = [0, 3, -4, 5, -5, 2, -1, 4, -3, -1];
    const durations = Array.from({ length: 500 }, (_, index) => 0.04 + (jitter[index % 10] ?? 0) / 1000);
    const cuts = cutAll(frames(durations, (index) => index % 25 === 0));
    expect(illegalParts(cuts)).toEqual([]);
    expect(
      of(cuts, 'opened')
        .slice(3)
        .every((cut) => cut.listsParts),
    ).toBe(true);
  });

  it('lists a frame that outlasts the target duration with it, and tells the hole behind it', () => {
    const durations = Array.from({ length: 100 }, (_, index) => (index === 60 ? 9 : 0.04));
    const cuts = cutAll(frames(durations, (index) => index % 25 === 0));
    for (const duration of durationsOf(cuts)) expect(duration).toBeLessThanOrEqual(2 + targetDurationSlack);
    expect(of(cuts, 'opened').filter((cut) => cut.hole)).toHaveLength(1);
    expect(illegalParts(cuts)).toEqual([]);
  });

  it('numbers segments by one, over runs too', () => {
    const segmenter = new Segmenter({ nextMediaSequence: 41, targetDuration: 2, partTarget: 0.2 });
    const cuts = [1, 2, 3].flatMap(() => {
      const before = segmenter.beginRun([video]);
      return before.concat(steady(25, 25, 3).flatMap((chunk) => segmenter.push(chunk)));
    });
    const numbers = of(cuts, 'opened').map((cut) => cut.mediaSequence);
    expect(numbers).toEqual(numbers.map((_, index) => 41 + index));
    expect(of(cuts, 'closed')).toHaveLength(numbers.length - 1);
  });

  it('cuts a stream of sound alone by its own chunks', () => {
    const segmenter = new Segmenter({ nextMediaSequence: 0, targetDuration: 2, partTarget: null });
    segmenter.beginRun([audio]);
    const cuts = Array.from({ length: 60 }, (_, index) => index).flatMap((index) => segmenter.push(aSound(index)));
    expect(illegalParts(cuts)).toEqual([]);
    expect(durationsOf(cuts).length).toBeGreaterThanOrEqual(2);
  });
});
