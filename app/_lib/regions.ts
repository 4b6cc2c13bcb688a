import type { PictureCorner, PictureRegion } from '#server/contracts/picture-region.ts';

const clamped = (value: number): number => Math.min(1, Math.max(0, value));
/** A ten-thousandth of the picture is finer than any pixel of it, and keeps what is sent short. */
const rounded = (value: number): number => Math.round(clamped(value) * 10_000) / 10_000;

export const cornerAt = (x: number, y: number): PictureCorner => [rounded(x), rounded(y)];

export function rectangleOf([x1, y1]: PictureCorner, [x2, y2]: PictureCorner): PictureRegion {
  const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)];
  const [top, bottom] = [Math.min(y1, y2), Math.max(y1, y2)];
  return [cornerAt(left, top), cornerAt(right, top), cornerAt(right, bottom), cornerAt(left, bottom)];
}

/** What a region that is not drawn by hand begins as; each further one a little beside the last. */
export function firstRegion(index: number): PictureRegion {
  const shift = (index % 5) * 0.04;
  return rectangleOf([0.3 + shift, 0.3 + shift], [0.5 + shift, 0.5 + shift]);
}

export function centreOf(region: PictureRegion): PictureCorner {
  const sum = region.reduce(([x, y], corner) => [x + corner[0], y + corner[1]] as const, [0, 0] as const);
  return cornerAt(sum[0] / region.length, sum[1] / region.length);
}

/** As a whole, as far as every corner stays on the picture. */
export function moveRegion(region: PictureRegion, dx: number, dy: number): PictureRegion {
  const within = (delta: number, values: number[]) =>
    Math.max(-Math.min(...values), Math.min(1 - Math.max(...values), delta));
  const across = within(
    dx,
    region.map(([x]) => x),
  );
  const down = within(
    dy,
    region.map(([, y]) => y),
  );
  return region.map(([x, y]) => cornerAt(x + across, y + down));
}

export function moveCorner(region: PictureRegion, index: number, [x, y]: PictureCorner): PictureRegion {
  return region.map((corner, at) => (at === index ? cornerAt(x, y) : corner));
}

/** Between a corner and the next one. */
export function middleAfter(region: PictureRegion, index: number): PictureCorner {
  const from = region[index] ?? [0, 0];
  const to = region[(index + 1) % region.length] ?? from;
  return cornerAt((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
}

export const cornersMax = 32;

export function insertCorner(region: PictureRegion, index: number): PictureRegion {
  return region.length >= cornersMax ? region : region.toSpliced(index + 1, 0, middleAfter(region, index));
}

/** A region has three corners at least. */
export function removeCorner(region: PictureRegion, index: number): PictureRegion {
  return region.length <= 3 ? region : region.toSpliced(index, 1);
}

/** Wide and high enough to be meant. */
export function isMeant(region: PictureRegion): boolean {
  const [xs, ys] = [region.map(([x]) => x), region.map(([, y]) => y)];
  return Math.max(...xs) - Math.min(...xs) >= 0.01 && Math.max(...ys) - Math.min(...ys) >= 0.01;
}

export const pointsOf = (region: PictureRegion): string => region.map(([x, y]) => `${x},${y}`).join(' ');
