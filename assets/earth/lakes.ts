/** Large lakes. Natural Earth's countries have none, so they are traced from the picture of all water that comes with three-globe. */
import { landMask, mapHeight, mapWidth } from './land-mask.ts';
import type { Position } from './lines.ts';
import { readImage } from './read-image.ts';

export interface Lake {
  /** Longitude and latitude, closed. */
  ring: Position[];
  squareKilometres: number;
}

const areaMin = 2500;
/** Water of which less lies on land is a bay or an estuary. */
const onLandMin = 0.97;
const shore = 128;
const toleranceDegrees = 0.018;
const kilometresPerDegree = 111.2;

export async function traceLakes(): Promise<Lake[]> {
  const water = await readImage('earth-water.png', 'gray', { width: mapWidth, height: mapHeight });
  const land = landMask([]);
  const seen = new Uint8Array(water.length);
  const lakes: Lake[] = [];
  for (let start = 0; start < water.length; start++) {
    if (seen[start] === 1 || (water[start] ?? 0) < shore) continue;
    const texels = flooded(water, seen, start);
    const squareKilometres = texels.reduce((sum, texel) => sum + areaOf(texel), 0);
    if (squareKilometres < areaMin) continue;
    const covered = texels.reduce((sum, texel) => sum + (land[texel] ?? 0), 0) / 255 / texels.length;
    if (covered < onLandMin) continue;
    lakes.push({ ring: simplified(outline(water, texels)), squareKilometres });
  }
  return lakes.filter(({ ring }) => ring.length > 3);
}

function areaOf(texel: number): number {
  const latitude = 90 - ((Math.floor(texel / mapWidth) + 0.5) / mapHeight) * 180;
  const side = (360 / mapWidth) * kilometresPerDegree;
  return side * side * Math.cos((latitude * Math.PI) / 180);
}

/** The texels of water that hang together with the first. */
function flooded(water: Buffer, seen: Uint8Array, start: number): number[] {
  const texels = [start];
  seen[start] = 1;
  for (const texel of texels) {
    const column = texel % mapWidth;
    for (const next of [
      column > 0 ? texel - 1 : texel,
      column < mapWidth - 1 ? texel + 1 : texel,
      texel - mapWidth,
      texel + mapWidth,
    ]) {
      if ((water[next] ?? 0) < shore || seen[next] === 1) continue;
      seen[next] = 1;
      texels.push(next);
    }
  }
  return texels;
}

/** The outer shore by marching squares: where the picture's grey passes the middle between two texels. */
function outline(water: Buffer, texels: readonly number[]): Position[] {
  const own = new Set(texels);
  const isIn = (column: number, row: number) => own.has(row * mapWidth + column);
  const valueAt = (column: number, row: number) => {
    const value = water[row * mapWidth + column] ?? 0;
    return isIn(column, row) ? Math.max(shore, value) : Math.min(shore - 1, value);
  };
  const follows = new Map<string, { key: string; at: Position }>();
  const cells = new Set(
    texels.flatMap((texel) => [texel, texel - 1, texel - mapWidth, texel - mapWidth - 1]).filter((cell) => cell >= 0),
  );
  for (const cell of cells) {
    const [column, row] = [cell % mapWidth, Math.floor(cell / mapWidth)];
    // Corners clockwise from the top left, and the side that leads from each to the next.
    const corners = [
      [column, row],
      [column + 1, row],
      [column + 1, row + 1],
      [column, row + 1],
    ] as const;
    const wet = corners.map(([x, y]) => isIn(x, y));
    const crossing = (side: number) => {
      const [x0 = 0, y0 = 0] = corners[side] ?? [];
      const [x1 = 0, y1 = 0] = corners[(side + 1) % 4] ?? [];
      const [a, b] = [valueAt(x0, y0), valueAt(x1, y1)];
      const share = (shore - 0.5 - a) / (b - a);
      const [x, y] = [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share];
      const at = [((x + 0.5) / mapWidth) * 360 - 180, 90 - ((y + 0.5) / mapHeight) * 180];
      return { key: `${String(Math.min(x0, x1))} ${String(Math.min(y0, y1))} ${String(side % 2)}`, at };
    };
    // Water is kept on the right: in where a side leads ashore, out at the next that leads back.
    for (let side = 0; side < 4; side++) {
      if (wet[side] !== true || wet[(side + 1) % 4] === true) continue;
      const back = [1, 2, 3].find((step) => wet[(side + step) % 4] !== true && wet[(side + step + 1) % 4] === true);
      if (back !== undefined) follows.set(crossing(side).key, crossing((side + back) % 4));
    }
  }
  let longest: Position[] = [];
  while (follows.size > 0) {
    const [first = ''] = follows.keys();
    const ring: Position[] = [];
    for (let next = follows.get(first), key = first; next; next = follows.get(key)) {
      follows.delete(key);
      ring.push(next.at);
      ({ key } = next);
    }
    // The others are islands.
    if (ring.length > longest.length) longest = ring;
  }
  return [...longest, ...longest.slice(0, 1)];
}

/** Without the points that hardly bend the line (Douglas and Peucker). */
function simplified(line: readonly Position[]): Position[] {
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last || line.length < 3) return [...line];
  const [x0 = 0, y0 = 0] = first;
  const [x1 = 0, y1 = 0] = last;
  const length = Math.hypot(x1 - x0, y1 - y0);
  let [farthest, distance] = [0, 0];
  for (const [index, [x = 0, y = 0]] of line.entries()) {
    const away =
      length < 1e-9 ? Math.hypot(x - x0, y - y0) : Math.abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length;
    if (away > distance) [farthest, distance] = [index, away];
  }
  if (distance <= toleranceDegrees) return [first, last];
  return [...simplified(line.slice(0, farthest + 1)).slice(0, -1), ...simplified(line.slice(farthest))];
}
