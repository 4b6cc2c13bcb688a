import { landRings, unwrapped, type Position } from './lines.ts';

/** Texels of the planet's pictures. */
export const mapWidth = 4096;
export const mapHeight = 2048;

/** How much of each texel is land and none of these lakes, 0…255: rings filled by scan lines, even-odd, four to a row. */
export function landMask(lakes: readonly Position[][]): Uint8Array {
  const linesPerRow = 4;
  const lines = mapHeight * linesPerRow;
  const crossings: number[][] = Array.from({ length: lines }, () => []);
  for (const ring of [...landRings(), ...lakes].map(closed))
    for (const [index, [longitude = 0, latitude = 0]] of ring.entries()) {
      const [lastLongitude = 0, lastLatitude = 0] = ring[index - 1] ?? [longitude, latitude];
      const from = ((90 - lastLatitude) / 180) * lines;
      const to = ((90 - latitude) / 180) * lines;
      const [first, last] = [Math.ceil(Math.min(from, to) - 0.5), Math.ceil(Math.max(from, to) - 0.5)];
      for (let line = Math.max(0, first); line < Math.min(lines, last); line++) {
        const share = (line + 0.5 - from) / (to - from);
        const at = lastLongitude + (longitude - lastLongitude) * share;
        // A ring may lie across the date line: its copies a turn away fill what is cut off on the other side.
        for (const turn of [-1, 0, 1]) crossings[line]?.push(((at + 180) / 360 + turn) * mapWidth);
      }
    }
  const mask = new Float32Array(mapWidth * mapHeight);
  for (const [line, xs] of crossings.entries()) {
    const row = Math.floor(line / linesPerRow) * mapWidth;
    const sorted = xs.toSorted((a, b) => a - b);
    for (let index = 0; index + 1 < sorted.length; index += 2) {
      const [start = 0, end = 0] = [sorted[index], sorted[index + 1]];
      for (let column = Math.max(0, Math.floor(start)); column < Math.min(mapWidth, end); column++) {
        const covered = Math.min(end, column + 1) - Math.max(start, column);
        mask[row + column] = (mask[row + column] ?? 0) + covered / linesPerRow;
      }
    }
  }
  return Uint8Array.from(mask, (value) => Math.min(255, Math.round(value * 255)));
}

/** A ring around the pole does not come back to its longitude: it is closed along the bottom of the map. */
function closed(ring: Position[]): Position[] {
  const points = unwrapped(ring);
  const [first, last] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  if (Math.abs(last - first) < 1) return points;
  return [[first, -90], ...points, [last, -90], [first, -90]];
}
