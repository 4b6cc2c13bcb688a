import { expect, it } from 'vitest';

import { isTight, levelOf, QualityWish, rungsBelow } from './quality.ts';

it('offers what is smaller than the source by its shorter side', () => {
  expect(rungsBelow({ width: 1920, height: 1080 })).toEqual(['720', '480']);
  expect(rungsBelow({ width: 720, height: 1280 })).toEqual(['480']);
  expect(rungsBelow({ width: 640, height: 360 })).toEqual([]);
  expect(rungsBelow({ width: null, height: null })).toEqual([]);
});

it('reads the rendition from the address of its playlist', () => {
  expect(levelOf('https://house/media/~token/id/480/live.m3u8')).toBe('480');
  expect(levelOf('/media/id/v/live.m3u8?_HLS_msn=3')).toBe('source');
  expect(levelOf('/media/id/src/vod.m3u8')).toBe('source');
  expect(levelOf('/media/id/a/live.m3u8')).toBeNull();
});

it('wants room beside the picture', () => {
  expect(isTight({ estimate: 5.5e6, needed: 5e6 })).toBe(true);
  expect(isTight({ estimate: 6.5e6, needed: 5e6 })).toBe(false);
});

it('asks again where the size that is chosen was not offered, and not where it was', () => {
  const wish = new QualityWish(true);
  expect(wish.isLadder).toBe(true);
  wish.offered(['480']);
  expect(wish.choose('480')).toBe(false);
  expect(wish.choose('720')).toBe(true);
  wish.offered(['480']);
  expect(wish.state).toMatchObject({ wish: '720', isRefused: true });
});

it('says so where the size that was chosen is not among those that are made', () => {
  const wish = new QualityWish();
  expect(wish.choose('480')).toBe(true);
  wish.offered([]);
  expect(wish.state).toMatchObject({ wish: '480', isRefused: true });
  expect(wish.choose('auto')).toBe(false);
  expect(wish.state.isRefused).toBe(false);
});
