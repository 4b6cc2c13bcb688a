/** Whether what arrives is worth the word LIVE: measured from sizes and digests of frames as they pass, and from a decoded key frame now and then. */
import { createHash } from 'node:crypto';

export type PictureVerdict = 'moving' | 'frozen' | 'black' | 'loop';

/** Nothing changes, or all is black, for this long. */
const stillMs = 30_000;
/** Pictures must reach this far back, within the beat of thumbnails, before stillness is said. */
const observationMs = stillMs + 15_000;
const bucketMs = 1000;
/** Key frames remembered for loops: over half an hour of 2 s GOPs. */
const hashesMax = 1024;
/** Key frames in a row that repeat at one distance before it is called a loop. */
const repeatsMin = 4;
/** Coding noise moves a cell's mean by less. */
const cellStep = 2;
const blackMean = 20;
const blackCell = 36;

interface SizeBucket {
  atMs: number;
  frames: number;
  bytes: number;
}

interface Look {
  atMs: number;
  luma: number;
  grid: Buffer;
}

const mdat = 0x6d646174;

/** The media of a chunk without its boxes, which are as large as a frame in which nothing moves. All of it where it holds no mdat. */
export function mediaData(chunk: Buffer): Buffer {
  for (let at = 0; at + 8 <= chunk.length;) {
    const size = chunk.readUInt32BE(at);
    if (chunk.readUInt32BE(at + 4) === mdat) return chunk.subarray(at + 8, at + size);
    if (size < 8) break;
    at += size;
  }
  return chunk;
}

/** Digest of a chunk's media; its moof counts time and differs each round of a loop. */
export function keyFrameHash(chunk: Buffer): string {
  return createHash('sha256').update(mediaData(chunk)).digest('base64').slice(0, 16);
}

export class PictureTruth {
  readonly #hashes: string[] = [];
  #repeats = 0;
  #distance = 0;
  #sizes: SizeBucket[] = [];
  #looks: Look[] = [];
  #macroblocks = 0;

  /** A new run: other parameters, other sizes. What repeats may still repeat. */
  begin(size: { width: number; height: number }): void {
    this.#macroblocks = Math.ceil(size.width / 16) * Math.ceil(size.height / 16);
    this.#sizes = [];
    this.#looks = [];
  }

  /** A frame that is no key frame: bytes of its media, without boxes. */
  frame(atMs: number, bytes: number): void {
    const last = this.#sizes.at(-1);
    if (last && atMs - last.atMs < bucketMs) {
      last.frames += 1;
      last.bytes += bytes;
      return;
    }
    this.#sizes.push({ atMs, frames: 1, bytes });
    while ((this.#sizes[0]?.atMs ?? atMs) < atMs - observationMs) this.#sizes.shift();
  }

  keyFrame(hash: string): void {
    const hashes = this.#hashes;
    // One more at the distance that held so far, else the nearest earlier one.
    const expected = this.#distance > 0 ? hashes[hashes.length - this.#distance] : undefined;
    if (expected === hash) {
      this.#repeats += 1;
    } else {
      const before = hashes.lastIndexOf(hash);
      this.#distance = before < 0 ? 0 : hashes.length - before;
      this.#repeats = before < 0 ? 0 : 1;
    }
    hashes.push(hash);
    if (hashes.length > hashesMax) hashes.shift();
  }

  /** A key frame that was decoded. */
  look(atMs: number, picture: { luma: number; grid: Buffer }): void {
    this.#looks.push({ atMs, luma: picture.luma, grid: picture.grid });
    while ((this.#looks[0]?.atMs ?? atMs) < atMs - observationMs) this.#looks.shift();
  }

  verdict(nowMs: number): PictureVerdict {
    if (this.#isBlack(nowMs)) return 'black';
    if (this.#isFrozen(nowMs)) return 'frozen';
    return this.#isLoop() ? 'loop' : 'moving';
  }

  #isLoop(): boolean {
    if (this.#distance < 1 || this.#repeats < Math.max(repeatsMin, this.#distance)) return false;
    // One picture over and over is a frozen camera whose encoder is exact.
    return new Set(this.#hashes.slice(-this.#distance)).size > 1;
  }

  /** Looks that reach `stillMs` back and none of which contradicts. */
  #lasts(nowMs: number, holds: (look: Look) => boolean): boolean {
    const broken = this.#looks.findLastIndex((look) => !holds(look));
    const since = this.#looks[broken + 1]?.atMs;
    return since !== undefined && this.#looks.length - broken > 2 && nowMs - since >= stillMs;
  }

  #isBlack(nowMs: number): boolean {
    return this.#lasts(nowMs, ({ luma, grid }) => luma <= blackMean && Math.max(...grid) <= blackCell);
  }

  #isFrozen(nowMs: number): boolean {
    const newest = this.#looks.at(-1);
    if (!newest) return false;
    const same = this.#lasts(nowMs, ({ grid }) =>
      grid.every((value, at) => Math.abs(value - (newest.grid[at] ?? 0)) <= cellStep),
    );
    return same && this.#framesCollapsed(nowMs);
  }

  /** Frames that say nothing but "as before" cost a skip flag a macroblock or less. All-intra streams have none and are judged by the pictures alone. */
  #framesCollapsed(nowMs: number): boolean {
    const bound = 80 + this.#macroblocks * 0.06;
    return this.#sizes.every(({ atMs, bytes, frames }) => nowMs - atMs > stillMs || bytes / frames <= bound);
  }
}
