import { clamp01, mix, type Rgb } from './light.ts';
import { chromaSize, toYuv } from './yuv-canvas.ts';

export type Point = readonly [x: number, y: number];

/** Scenes are composed on this many units, whatever the picture's size. */
export const sceneWidth = 640;
export const sceneHeight = 360;

/** What stands still, painted in RGB now and then; speed matters little here. Coordinates are scene units. */
export class Painting {
  readonly width: number;
  readonly height: number;
  private readonly rgb: Uint8ClampedArray;
  private readonly sx: number;
  private readonly sy: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.rgb = new Uint8ClampedArray(width * height * 3);
    this.sx = width / sceneWidth;
    this.sy = height / sceneHeight;
  }

  /** A vertical blend between two heights. */
  gradient(top: number, bottom: number, from: Rgb, to: Rgb): void {
    const first = Math.max(0, Math.round(top * this.sy));
    const last = Math.min(this.height, Math.round(bottom * this.sy));
    for (let y = first; y < last; y += 1) {
      const colour = mix(from, to, (y - first) / Math.max(1, last - first - 1));
      for (let x = 0; x < this.width; x += 1) this.put(y * this.width + x, colour, 1);
    }
  }

  rect(x: number, y: number, width: number, height: number, colour: Rgb, alpha = 1): void {
    const x0 = Math.max(0, Math.round(x * this.sx));
    const x1 = Math.min(this.width, Math.max(x0 + 1, Math.round((x + width) * this.sx)));
    const y0 = Math.max(0, Math.round(y * this.sy));
    const y1 = Math.min(this.height, Math.max(y0 + 1, Math.round((y + height) * this.sy)));
    for (let row = y0; row < y1; row += 1) {
      for (let column = x0; column < x1; column += 1) this.put(row * this.width + column, colour, alpha);
    }
  }

  /** Filled by the even-odd rule, row by row, with soft ends. */
  polygon(points: readonly Point[], colour: Rgb, alpha = 1): void {
    const scaled = points.map(([x, y]) => [x * this.sx, y * this.sy] as const);
    const ys = scaled.map(([, y]) => y);
    const y0 = Math.max(0, Math.floor(Math.min(...ys)));
    const y1 = Math.min(this.height, Math.ceil(Math.max(...ys)));
    for (let row = y0; row < y1; row += 1) {
      const crossings = crossingsOf(scaled, row + 0.5);
      for (let index = 0; index + 1 < crossings.length; index += 2) {
        this.span(row, crossings[index] ?? 0, crossings[index + 1] ?? 0, colour, alpha);
      }
    }
  }

  line(from: Point, to: Point, thickness: number, colour: Rgb, alpha = 1): void {
    const dx = to[0] - from[0];
    const dy = to[1] - from[1];
    const length = Math.hypot(dx, dy) || 1;
    const nx = (-dy / length) * (thickness / 2);
    const ny = (dx / length) * (thickness / 2);
    this.polygon(
      [
        [from[0] + nx, from[1] + ny],
        [to[0] + nx, to[1] + ny],
        [to[0] - nx, to[1] - ny],
        [from[0] - nx, from[1] - ny],
      ],
      colour,
      alpha,
    );
  }

  /** A disc whose edge fades over `softness` of its radius (1: a glow, 0.1: a ball). */
  disc(x: number, y: number, radius: number, colour: Rgb, softness: number, alpha = 1): void {
    const cx = x * this.sx;
    const cy = y * this.sy;
    const r = radius * this.sy;
    for (let row = Math.max(0, Math.floor(cy - r)); row < Math.min(this.height, cy + r); row += 1) {
      const dy2 = (row + 0.5 - cy) ** 2;
      for (let column = Math.max(0, Math.floor(cx - r)); column < Math.min(this.width, cx + r); column += 1) {
        const inside = clamp01((1 - Math.sqrt((column + 0.5 - cx) ** 2 + dy2) / r) / softness);
        if (inside > 0) this.put(row * this.width + column, colour, alpha * inside * inside);
      }
    }
  }

  /** YUV 4:2:0 as libav takes it: planes one after another. */
  toYuv420(target: Buffer): void {
    const { width, height, rgb } = this;
    const chroma = chromaSize(width, height);
    const u0 = width * height;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = (y * width + x) * 3;
        const [luma, u, v] = toYuv([rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0]);
        target[y * width + x] = luma;
        if (y % 2 === 0 && x % 2 === 0) {
          const index = (y >> 1) * (width >> 1) + (x >> 1);
          target[u0 + index] = u;
          target[u0 + chroma + index] = v;
        }
      }
    }
  }

  private span(row: number, from: number, to: number, colour: Rgb, alpha: number): void {
    const first = Math.max(0, Math.floor(from));
    const last = Math.min(this.width, Math.ceil(to));
    for (let x = first; x < last; x += 1) {
      const cover = Math.min(x + 1, to) - Math.max(x, from);
      this.put(row * this.width + x, colour, alpha * clamp01(cover));
    }
  }

  private put(index: number, colour: Rgb, alpha: number): void {
    const at = index * 3;
    const { rgb } = this;
    rgb[at] = (rgb[at] ?? 0) * (1 - alpha) + colour[0] * alpha;
    rgb[at + 1] = (rgb[at + 1] ?? 0) * (1 - alpha) + colour[1] * alpha;
    rgb[at + 2] = (rgb[at + 2] ?? 0) * (1 - alpha) + colour[2] * alpha;
  }
}

function crossingsOf(points: readonly Point[], y: number): number[] {
  const crossings: number[] = [];
  for (const [index, [x0, y0]] of points.entries()) {
    const [x1, y1] = points[(index + 1) % points.length] ?? [x0, y0];
    if (y0 <= y === y1 <= y) continue;
    crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
  }
  return crossings.toSorted((a, b) => a - b);
}
