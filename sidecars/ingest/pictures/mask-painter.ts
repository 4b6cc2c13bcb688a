import type { PictureRegion } from '#server/contracts/picture-region.ts';

/** One plane of 4:2:0, as libav lays it out. */
export interface Plane {
  data: Buffer;
  /** Bytes from a row to the next. */
  stride: number;
}

/** Runs of one row of the plane: begin and end. */
type Rows = [number, number][][];

/** Luma 16 with neutral chroma: black in the narrow range. */
const black = { luma: 16, chroma: 128 };
/** Where a row is cut; between two cuts an edge moves by less than the pixel that is added to each side. */
const cutsARow = 4;

/**
 * Paints regions over in the planes of YUV 4:2:0, opaque. Every pixel that a region touches is covered, and the 2 × 2 that share its colour, so
 * that nothing of it is left in any plane. Winding counts, not parity: a line that crosses itself leaves no hole.
 */
export class MaskPainter {
  readonly #masks: readonly PictureRegion[];
  #shape: { key: string; luma: Rows; chroma: Rows } | null = null;

  constructor(masks: readonly PictureRegion[]) {
    this.#masks = masks;
  }

  paint([y, u, v]: readonly [Plane, Plane, Plane], width: number, height: number): void {
    const key = `${width}×${height}`;
    if (this.#shape?.key !== key) {
      const chroma = coveredCells(this.#masks, Math.ceil(width / 2), Math.ceil(height / 2));
      this.#shape = { key, chroma, luma: doubled(chroma, width, height) };
    }
    fill(y, this.#shape.luma, black.luma);
    fill(u, this.#shape.chroma, black.chroma);
    fill(v, this.#shape.chroma, black.chroma);
  }
}

/** The three planes of a buffer that holds them one behind the other. */
export function planesOf(buffer: Buffer, width: number, height: number): [Plane, Plane, Plane] {
  const half = width >> 1;
  const luma = width * height;
  const chroma = half * (height >> 1);
  return [
    { data: buffer.subarray(0, luma), stride: width },
    { data: buffer.subarray(luma, luma + chroma), stride: half },
    { data: buffer.subarray(luma + chroma, luma + 2 * chroma), stride: half },
  ];
}

function fill({ data, stride }: Plane, rows: Rows, value: number): void {
  for (const [row, runs] of rows.entries()) {
    for (const [from, to] of runs) data.fill(value, row * stride + from, row * stride + to);
  }
}

function doubled(cells: Rows, width: number, height: number): Rows {
  return Array.from({ length: height }, (_, row) =>
    (cells[row >> 1] ?? []).map(([from, to]) => [from * 2, Math.min(width, to * 2)]),
  );
}

/** Cells of a grid that the regions touch, as runs of each row. */
function coveredCells(masks: readonly PictureRegion[], columns: number, rows: number): Rows {
  return Array.from({ length: rows }, (_, row) => {
    const runs: [number, number][] = [];
    for (const mask of masks) {
      for (let cut = 0; cut <= cutsARow; cut += 1)
        runs.push(...crossings(mask, (row + cut / cutsARow) / rows, columns));
      runs.push(...cornersIn(mask, row, { columns, rows }));
    }
    return joined(runs);
  });
}

/** Where the line at `y` runs inside the region, widened by a cell on each side. */
function crossings(mask: PictureRegion, y: number, columns: number): [number, number][] {
  const cuts: { x: number; turn: number }[] = [];
  for (const [index, [ax, ay]] of mask.entries()) {
    const [bx, by] = mask[(index + 1) % mask.length] ?? [ax, ay];
    if (ay <= y === by <= y) continue;
    cuts.push({ x: ax + ((y - ay) * (bx - ax)) / (by - ay), turn: by > ay ? 1 : -1 });
  }
  const runs: [number, number][] = [];
  let [winding, from] = [0, 0];
  for (const { x, turn } of cuts.toSorted((a, b) => a.x - b.x)) {
    if (winding === 0) from = x;
    winding += turn;
    if (winding === 0) runs.push(widened(from, x, columns));
  }
  return runs;
}

/** What is too flat to be cut is covered by its corners and the edges that lie within the row. */
function cornersIn(
  mask: PictureRegion,
  row: number,
  { columns, rows }: { columns: number; rows: number },
): [number, number][] {
  const rowOf = (y: number) => Math.min(rows - 1, Math.floor(y * rows));
  return mask.flatMap(([ax, ay], index) => {
    if (rowOf(ay) !== row) return [];
    const [bx, by] = mask[(index + 1) % mask.length] ?? [ax, ay];
    return [rowOf(by) === row ? widened(Math.min(ax, bx), Math.max(ax, bx), columns) : widened(ax, ax, columns)];
  });
}

function widened(from: number, to: number, columns: number): [number, number] {
  return [Math.max(0, Math.floor(from * columns) - 1), Math.min(columns, Math.floor(to * columns) + 2)];
}

function joined(runs: [number, number][]): [number, number][] {
  const whole: [number, number][] = [];
  for (const [from, to] of runs.toSorted((a, b) => a[0] - b[0])) {
    const last = whole.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else whole.push([from, to]);
  }
  return whole;
}
