import { expect, test } from 'vitest';

import type { PictureRegion } from '#server/contracts/picture-region.ts';

import { MaskPainter, planesOf } from './mask-painter.ts';

const [width, height] = [64, 36];
const seen = { luma: 200, chroma: 60 };

function painted(masks: PictureRegion[]) {
  const buffer = Buffer.alloc((width * height * 3) / 2, seen.chroma).fill(seen.luma, 0, width * height);
  const planes = planesOf(buffer, width, height);
  new MaskPainter(masks).paint(planes, width, height);
  const [y, u, v] = planes;
  return {
    luma: (column: number, row: number) => y.data[row * width + column],
    chroma: (column: number, row: number) => [
      u.data[(row >> 1) * (width / 2) + (column >> 1)],
      v.data[(row >> 1) * (width / 2) + (column >> 1)],
    ],
    covered: y.data.filter((value) => value === 16).length,
  };
}

test('covers every pixel inside in all planes and leaves what is clear of it', () => {
  const picture = painted([
    [
      [0.25, 0.25],
      [0.75, 0.25],
      [0.75, 0.75],
      [0.25, 0.75],
    ],
  ]);
  for (let row = 9; row < 27; row += 1) {
    for (let column = 16; column < 48; column += 1) {
      expect(picture.luma(column, row)).toBe(16);
      expect(picture.chroma(column, row)).toEqual([128, 128]);
    }
  }
  for (const [column, row] of [
    [10, 18],
    [55, 18],
    [32, 4],
    [32, 31],
  ] as const) {
    expect(picture.luma(column, row)).toBe(seen.luma);
    expect(picture.chroma(column, row)).toEqual([seen.chroma, seen.chroma]);
  }
});

test('a line that crosses itself leaves no hole in its middle', () => {
  const star = [0, 2, 4, 1, 3].map((corner): [number, number] => {
    const angle = (corner * 2 * Math.PI) / 5 - Math.PI / 2;
    return [0.5 + 0.45 * Math.cos(angle), 0.5 + 0.45 * Math.sin(angle)];
  });
  expect(painted([star]).luma(32, 18)).toBe(16);
});

test('the whole picture, a flat line and a point at the very edge are covered', () => {
  const whole: PictureRegion = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  expect(painted([whole]).covered).toBe(width * height);
  const line = painted([
    [
      [0.1, 0.5],
      [0.9, 0.5],
      [0.5, 0.5],
    ],
  ]);
  expect([line.luma(8, 18), line.luma(32, 18), line.luma(56, 18), line.luma(32, 4)]).toEqual([16, 16, 16, seen.luma]);
  const corner = painted([
    [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  ]);
  expect(corner.luma(width - 1, height - 1)).toBe(16);
});

test('a slanted edge leaves no pixel of its inside open', () => {
  const picture = painted([
    [
      [0.1, 0.1],
      [0.9, 0.35],
      [0.2, 0.9],
    ],
  ]);
  const inside = (x: number, y: number) => {
    const side = (ax: number, ay: number, bx: number, by: number) => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    return side(0.1, 0.1, 0.9, 0.35) >= 0 && side(0.9, 0.35, 0.2, 0.9) >= 0 && side(0.2, 0.9, 0.1, 0.1) >= 0;
  };
  const open: string[] = [];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      // Any corner of the pixel inside means that something of it shows.
      const touched = [0, 1].some((dx) => [0, 1].some((dy) => inside((column + dx) / width, (row + dy) / height)));
      if (touched && picture.luma(column, row) !== 16) open.push(`${column},${row}`);
    }
  }
  expect(open).toEqual([]);
});
