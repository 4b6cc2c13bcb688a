import { clamp01, type Rgb } from './light.ts';

/** Luma and chroma of BT.709 in the narrow range, rounded. */
export function toYuv([r, g, b]: Rgb): [number, number, number] {
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return [
    Math.round(16 + (y * 219) / 255),
    Math.round(128 + ((b - y) / 1.8556) * (224 / 255)),
    Math.round(128 + ((r - y) / 1.5748) * (224 / 255)),
  ];
}

export function chromaSize(width: number, height: number): number {
  return (width >> 1) * (height >> 1);
}

/** What moves, drawn each picture straight into the planes of YUV 4:2:0. Coordinates are scene units. */
export class YuvCanvas {
  readonly width: number;
  readonly height: number;
  readonly buffer: Buffer;
  private readonly u0: number;
  private readonly v0: number;
  private readonly sx: number;
  private readonly sy: number;

  constructor(width: number, height: number, units: { width: number; height: number }) {
    this.width = width;
    this.height = height;
    this.u0 = width * height;
    this.v0 = this.u0 + chromaSize(width, height);
    this.buffer = Buffer.alloc(this.v0 + chromaSize(width, height));
    this.sx = width / units.width;
    this.sy = height / units.height;
  }

  rect(x: number, y: number, width: number, height: number, colour: Rgb, alpha = 1): void {
    const x0 = Math.round(x * this.sx);
    const y0 = Math.round(y * this.sy);
    const x1 = Math.max(x0 + 1, Math.round((x + width) * this.sx));
    const y1 = Math.max(y0 + 1, Math.round((y + height) * this.sy));
    this.area([x0, y0, x1, y1], colour, alpha);
  }

  /** A rectangle in pixels, for text and codes that want exact edges. */
  area([left, top, right, bottom]: readonly [number, number, number, number], colour: Rgb, alpha = 1): void {
    const x0 = Math.max(0, left);
    const y0 = Math.max(0, top);
    const x1 = Math.min(this.width, right);
    const y1 = Math.min(this.height, bottom);
    if (x0 >= x1 || y0 >= y1) return;
    const [luma, u, v] = toYuv(colour);
    for (let row = y0; row < y1; row += 1) this.run(row * this.width + x0, x1 - x0, luma, alpha);
    const half = this.width >> 1;
    // A chroma sample belongs to the pixel at its even corner; thin things would otherwise tint their neighbours.
    const cx0 = (x0 + 1) >> 1;
    const count = ((x1 + 1) >> 1) - cx0;
    for (let row = (y0 + 1) >> 1; row < Math.min(this.height >> 1, (y1 + 1) >> 1); row += 1) {
      const at = row * half + cx0;
      const length = Math.min(count, half - cx0);
      this.run(this.u0 + at, length, u, alpha);
      this.run(this.v0 + at, length, v, alpha);
    }
  }

  /** Light around a lamp: fades to nothing at its radius. */
  glow(x: number, y: number, radius: number, colour: Rgb, alpha: number): void {
    this.disc(x, y, radius, colour, 1, alpha);
  }

  disc(x: number, y: number, radius: number, colour: Rgb, softness: number, alpha: number): void {
    if (alpha <= 0.01) return;
    const [luma, u, v] = toYuv(colour);
    const cx = x * this.sx;
    const cy = y * this.sy;
    const r = radius * this.sy;
    const x0 = Math.max(0, Math.floor(cx - r));
    const x1 = Math.min(this.width, Math.ceil(cx + r));
    const half = this.width >> 1;
    for (let row = Math.max(0, Math.floor(cy - r)); row < Math.min(this.height, cy + r); row += 1) {
      const dy2 = (row + 0.5 - cy) ** 2;
      for (let column = x0; column < x1; column += 1) {
        const share = clamp01((1 - Math.sqrt((column + 0.5 - cx) ** 2 + dy2) / r) / softness);
        if (share <= 0) continue;
        const weight = alpha * share;
        this.blend(row * this.width + column, luma, weight);
        if (row % 2 === 0 && column % 2 === 0) {
          const at = (row >> 1) * half + (column >> 1);
          this.blend(this.u0 + at, u, weight);
          this.blend(this.v0 + at, v, weight);
        }
      }
    }
  }

  /** A soft shape (a cloud) from a mask of 0…255, at its own size in pixels. */
  stamp(mask: Mask, x: number, y: number, colour: Rgb, alpha: number): void {
    const [luma, u, v] = toYuv(colour);
    const left = Math.round(x * this.sx);
    const top = Math.round(y * this.sy);
    const half = this.width >> 1;
    const x0 = Math.max(0, left);
    const x1 = Math.min(this.width, left + mask.width);
    for (let row = Math.max(0, top); row < Math.min(this.height, top + mask.height); row += 1) {
      for (let column = x0; column < x1; column += 1) {
        const weight = (mask.alpha[(row - top) * mask.width + column - left] ?? 0) * (alpha / 255);
        if (weight < 0.01) continue;
        this.blend(row * this.width + column, luma, weight);
        if (row % 2 === 0 && column % 2 === 0) {
          const at = (row >> 1) * half + (column >> 1);
          this.blend(this.u0 + at, u, weight);
          this.blend(this.v0 + at, v, weight);
        }
      }
    }
  }

  private run(from: number, length: number, value: number, alpha: number): void {
    if (length <= 0) return;
    if (alpha >= 1) this.buffer.fill(value, from, from + length);
    else for (let at = from; at < from + length; at += 1) this.blend(at, value, alpha);
  }

  private blend(at: number, value: number, weight: number): void {
    const before = this.buffer[at] ?? 0;
    this.buffer[at] = before + (value - before) * weight;
  }
}

export interface Mask {
  width: number;
  height: number;
  alpha: Uint8Array;
}
