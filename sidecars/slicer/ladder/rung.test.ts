import { expect, it } from 'vitest';

import type { RunTrack } from '#server/contracts/log-record.ts';

import { peakRate, rungsBelow } from './rung.ts';

const video = (width: number, height: number, fps = 25): RunTrack => ({
  track: 1,
  kind: 'video',
  codec: 'avc1.64002a',
  timescale: 90_000,
  width,
  height,
  fps,
});
const sizes = (width: number, height: number) =>
  rungsBelow(video(width, height), null).map((rung) => [rung.name, rung.width, rung.height]);

it('is smaller than the source by its shorter side, with even sides', () => {
  expect(sizes(3840, 2160)).toEqual([
    ['1080', 1920, 1080],
    ['720', 1280, 720],
    ['480', 854, 480],
  ]);
  expect(sizes(1080, 1920)).toEqual([
    ['720', 720, 1280],
    ['480', 480, 854],
  ]);
  expect(sizes(704, 480)).toEqual([]);
});

it('says the level that its pictures need', () => {
  const codecs = (fps: number) => rungsBelow(video(3840, 2160, fps), null).map((rung) => rung.codec);
  expect(codecs(30)).toEqual(['avc1.640028', 'avc1.64001f', 'avc1.64001f']);
  expect(codecs(60)).toEqual(['avc1.64002a', 'avc1.640020', 'avc1.64001f']);
});

it('stays below the source in bits a second', () => {
  const [rung] = rungsBelow(video(1280, 720), 900_000);
  expect(rung?.rateMax).toBe(630_000);
  expect(rung && peakRate(rung)).toBeLessThan(900_000);
});
