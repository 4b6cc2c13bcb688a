/**
 * Lines on the planet as a small binary file, little-endian: for each line `uint16 points`, `uint8 kind`, `uint8 0`,
 * `int32 longitude`, `int32 latitude` of the first point, then `int16` steps of both, all in thousandths of a degree.
 */

/** Where land meets sea, or one country another. */
export type LineKind = 'coast' | 'border';
const kinds = ['coast', 'border'] as const satisfies readonly LineKind[];

export interface GeoLine {
  kind: LineKind;
  /** longitude, latitude, longitude, latitude … in degrees. */
  points: readonly number[];
}

const perDegree = 1000;
const headerBytes = 12;
const stepMax = 32_767;
const pointsMax = 65_535;

export function encodeLines(lines: readonly GeoLine[]): Uint8Array<ArrayBuffer> {
  const parts = lines.flatMap(split);
  const bytes = parts.reduce((sum, { grid }) => sum + headerBytes + (grid.length - 2) * 2, 0);
  const view = new DataView(new ArrayBuffer(bytes));
  let at = 0;
  for (const { kind, grid } of parts) {
    view.setUint16(at, grid.length / 2, true);
    view.setUint8(at + 2, kinds.indexOf(kind));
    view.setInt32(at + 4, grid[0] ?? 0, true);
    view.setInt32(at + 8, grid[1] ?? 0, true);
    at += headerBytes;
    for (let index = 2; index < grid.length; index++, at += 2)
      view.setInt16(at, (grid[index] ?? 0) - (grid[index - 2] ?? 0), true);
  }
  return new Uint8Array(view.buffer);
}

/** On the grid, repeated points left out, cut where a step or a count would not fit. */
function split({ kind, points }: GeoLine): { kind: LineKind; grid: number[] }[] {
  const parts: { kind: LineKind; grid: number[] }[] = [];
  let grid: number[] = [];
  const finish = () => {
    if (grid.length >= 4) parts.push({ kind, grid });
  };
  for (let index = 0; index + 1 < points.length; index += 2) {
    const longitude = Math.round((points[index] ?? 0) * perDegree);
    const latitude = Math.round((points[index + 1] ?? 0) * perDegree);
    const [lastLongitude, lastLatitude] = [grid.at(-2), grid.at(-1)];
    if (lastLongitude !== undefined && lastLatitude !== undefined) {
      if (lastLongitude === longitude && lastLatitude === latitude) continue;
      if (Math.abs(longitude - lastLongitude) > stepMax || Math.abs(latitude - lastLatitude) > stepMax)
        throw new Error(
          `a line steps more than ${stepMax / perDegree}° at ${longitude / perDegree}, ${latitude / perDegree}`,
        );
      if (grid.length / 2 >= pointsMax) {
        finish();
        grid = [lastLongitude, lastLatitude];
      }
    }
    grid.push(longitude, latitude);
  }
  finish();
  return parts;
}

/** Throws where the bytes are not such a file. */
export function decodeLines(buffer: ArrayBuffer): GeoLine[] {
  const view = new DataView(buffer);
  const lines: GeoLine[] = [];
  for (let at = 0; at < view.byteLength;) {
    const count = view.getUint16(at, true);
    const kind = kinds[view.getUint8(at + 2)];
    if (!kind || count < 2 || at + headerBytes + (count - 1) * 4 > view.byteLength)
      throw new Error(`not a file of lines: byte ${at}`);
    let longitude = view.getInt32(at + 4, true);
    let latitude = view.getInt32(at + 8, true);
    at += headerBytes;
    const points = [longitude / perDegree, latitude / perDegree];
    for (let index = 1; index < count; index++, at += 4) {
      longitude += view.getInt16(at, true);
      latitude += view.getInt16(at + 2, true);
      points.push(longitude / perDegree, latitude / perDegree);
    }
    lines.push({ kind, points });
  }
  return lines;
}
