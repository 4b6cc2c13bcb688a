import { describe, expect, test } from 'vitest';

import { keyFrameHash, PictureTruth, type PictureVerdict } from './truth.ts';

const cells = 32 * 18;
const size = { width: 1280, height: 720 };

interface Scene {
  seconds: number;
  /** Bytes of a frame between key frames. */
  frameBytes: (second: number) => number;
  grid: (second: number) => Buffer;
  keyHash: (gop: number) => string;
  lookEverySeconds?: number;
}

/** Plays a scene of 25 fps with a key frame each 2 s and gives the verdict of each second. */
function play(scene: Scene, truth = new PictureTruth()): PictureVerdict[] {
  truth.begin(size);
  return Array.from({ length: scene.seconds }, (_, second) => {
    const atMs = second * 1000;
    if (second % 2 === 0) truth.keyFrame(scene.keyHash(second / 2));
    for (let frame = 1; frame < 25; frame += 1) truth.frame(atMs + frame * 40, scene.frameBytes(second));
    if (second % (scene.lookEverySeconds ?? 10) === 0) {
      const grid = scene.grid(second);
      truth.look(atMs, { grid, luma: grid.reduce((sum, value) => sum + value, 0) / grid.length });
    }
    return truth.verdict(atMs + 999);
  });
}

const street: Scene = {
  seconds: 120,
  frameBytes: () => 9000,
  grid: (second) => Buffer.from(Array.from({ length: cells }, (_, cell) => 90 + ((cell * 7 + second * 3) % 60))),
  keyHash: (gop) => `gop ${gop}`,
};
const stillGrid = street.grid(0);

describe('a picture', () => {
  test('that moves is never called still', () => {
    expect(new Set(play(street))).toEqual(new Set(['moving']));
  });

  test('that stops is called frozen once nothing has changed for thirty seconds, and moving as soon as it does again', () => {
    const stops = (second: number) => second >= 40 && second < 90;
    const verdicts = play({
      ...street,
      seconds: 110,
      frameBytes: (second) => (stops(second) ? 60 : 9000),
      grid: (second) => (stops(second) ? stillGrid : street.grid(second)),
    });
    expect(verdicts.indexOf('frozen')).toBeGreaterThanOrEqual(69);
    expect(verdicts.indexOf('frozen')).toBeLessThanOrEqual(80);
    expect(verdicts[89]).toBe('frozen');
    expect(verdicts.slice(91)).not.toContain('frozen');
  });

  test('of a quiet place, where only the noise of the sensor moves, is not frozen', () => {
    expect(play({ ...street, grid: () => stillGrid, frameBytes: () => 2500 })).not.toContain('frozen');
  });

  test('in which something small moves between looks is not frozen', () => {
    const verdicts = play({ ...street, grid: () => stillGrid, frameBytes: (second) => (second % 9 === 0 ? 4000 : 60) });
    expect(verdicts).not.toContain('frozen');
  });

  test('that is black for thirty seconds is black, even with noise in it', () => {
    const verdicts = play({
      ...street,
      grid: (second) => Buffer.alloc(cells, 2 + (second % 3)),
      frameBytes: () => 900,
    });
    expect(verdicts[29]).toBe('moving');
    expect(verdicts[31]).toBe('black');
  });

  test('of the night with a lamp in it is not black', () => {
    const night = Buffer.alloc(cells, 4);
    night.fill(180, 100, 103);
    expect(play({ ...street, grid: () => night, frameBytes: () => 900 })).not.toContain('black');
  });

  test('that comes round again is a loop once its key frames have repeated', () => {
    const verdicts = play({ ...street, keyHash: (gop) => `gop ${gop % 5}` });
    expect(verdicts.slice(0, 10)).not.toContain('loop');
    expect(verdicts.indexOf('loop')).toBeLessThanOrEqual(22);
    expect(verdicts.at(-1)).toBe('loop');
  });

  test('that goes on after a loop moves', () => {
    expect(play({ ...street, keyHash: (gop) => (gop < 30 ? `gop ${gop % 5}` : `new ${gop}`) }).at(-1)).toBe('moving');
  });

  test('of one key frame over and over is frozen, not a loop', () => {
    const verdicts = play({ ...street, keyHash: () => 'same', grid: () => stillGrid, frameBytes: () => 40 });
    expect(verdicts).not.toContain('loop');
    expect(verdicts.at(-1)).toBe('frozen');
  });
});

test('the digest of a key frame is that of its media, whatever time its header tells', () => {
  const chunk = (moof: string, mdat: string) => {
    const box = (type: string, body: string) => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(8 + body.length);
      head.write(type, 4, 'latin1');
      return Buffer.concat([head, Buffer.from(body)]);
    };
    return Buffer.concat([box('moof', moof), box('mdat', mdat)]);
  };
  expect(keyFrameHash(chunk('time 1', 'picture'))).toBe(keyFrameHash(chunk('time 2', 'picture')));
  expect(keyFrameHash(chunk('time 1', 'picture'))).not.toBe(keyFrameHash(chunk('time 1', 'another')));
});
