/**
 * The planet's surface in three sizes: colours by day, lights by night, and the ground (sea 0, land about `flat`, lit slopes
 * above it and shaded ones below), the last two grey so that they cost one byte a texel.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Scaler } from 'node-av/api';
import { AV_PIX_FMT_GRAY8, AV_PIX_FMT_RGB24, AV_PIX_FMT_YUVJ420P } from 'node-av/constants';
import { Frame } from 'node-av/lib';

import type { Lake } from './lakes.ts';
import { landMask, mapHeight as height, mapWidth as width } from './land-mask.ts';
import { readImage } from './read-image.ts';

/** The first picture, a phone's, a desk's. */
const widths = [1024, 2048, 4096];
const flat = 168;
const timeBase = { num: 1, den: 25 };

export async function makeTextures(folder: string, lakes: readonly Lake[]): Promise<void> {
  const write = async (name: string, pixels: Buffer, colours: 'rgb' | 'gray', quality: number) => {
    const format = colours === 'rgb' ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_GRAY8;
    for (const size of widths) {
      using frame = Frame.fromVideoBuffer(pixels, { width, height, format, timeBase });
      using scaler = new Scaler();
      const resized = await scaler.toBuffer(frame, { resize: { width: size, height: size / 2 }, format: colours });
      using jfif = Frame.fromVideoBuffer(toJfif(resized, size, colours), {
        width: size,
        height: size / 2,
        format: AV_PIX_FMT_YUVJ420P,
        timeBase,
      });
      const jpeg = await scaler.toJpeg(jfif, { quality });
      writeFileSync(join(folder, `${name}-${String(size)}.jpg`), jpeg);
    }
  };
  await write('day', await readImage('earth-blue-marble.jpg', 'rgb', { width, height }), 'rgb', 86);
  await write('lights', lights(await readImage('earth-night.jpg', 'rgb', { width, height })), 'gray', 88);
  await write(
    'ground',
    ground(await readImage('earth-topology.png', 'gray', { width, height }), landMask(lakes.map(({ ring }) => ring))),
    'gray',
    86,
  );
}

/** Luma and halved chroma of the full range: the scaler's own conversion leaves black at 16. */
function toJfif(pixels: Buffer, size: number, colours: 'rgb' | 'gray'): Buffer {
  const count = (size * size) / 2;
  const planes = Buffer.alloc(count * 1.5, 128);
  if (colours === 'gray') {
    pixels.copy(planes, 0, 0, count);
    return planes;
  }
  const half = size / 2;
  const sums = { blue: new Float32Array(count / 4), red: new Float32Array(count / 4) };
  for (let index = 0; index < count; index++) {
    const [r = 0, g = 0, b = 0] = [pixels[index * 3], pixels[index * 3 + 1], pixels[index * 3 + 2]];
    const luma = 0.299 * r + 0.587 * g + 0.114 * b;
    planes[index] = Math.round(luma);
    const cell = (Math.floor(index / size) >> 1) * half + ((index % size) >> 1);
    sums.blue[cell] = (sums.blue[cell] ?? 0) + (b - luma) * 0.564;
    sums.red[cell] = (sums.red[cell] ?? 0) + (r - luma) * 0.713;
  }
  for (let cell = 0; cell < count / 4; cell++) {
    planes[count + cell] = Math.round(128 + (sums.blue[cell] ?? 0) / 4);
    planes[count * 1.25 + cell] = Math.round(128 + (sums.red[cell] ?? 0) / 4);
  }
  return planes;
}

/** The night map is blue where nothing shines, so its red is the lights; the faint ones are lifted, towns count too. */
function lights(night: Buffer): Buffer {
  const grey = Buffer.alloc(width * height);
  for (let index = 0; index < grey.length; index++) {
    const red = night[index * 3] ?? 0;
    const blue = night[index * 3 + 2] ?? 0;
    const share = Math.max(0, red - Math.max(0, blue - red) * 0.12 - 10) / 215;
    grey[index] = Math.min(255, 255 * share ** 0.7);
  }
  return grey;
}

/** Slopes lit from the north-west, as on printed maps: the sun's own light would leave noon without relief. */
function ground(elevation: Buffer, land: Uint8Array): Buffer {
  const grey = Buffer.alloc(width * height);
  for (let row = 0; row < height; row++) {
    const above = Math.max(0, row - 1) * width;
    const below = Math.min(height - 1, row + 1) * width;
    for (let column = 0; column < width; column++) {
      const left = (column + width - 1) % width;
      const right = (column + 1) % width;
      const here = row * width;
      const east = (elevation[here + right] ?? 0) - (elevation[here + left] ?? 0);
      const south = (elevation[below + column] ?? 0) - (elevation[above + column] ?? 0);
      const slope = Math.max(-72, Math.min(72, (east + south) * 5.5));
      const covered = (land[here + column] ?? 0) / 255;
      grey[here + column] = Math.max(0, Math.min(255, covered * (flat + slope)));
    }
  }
  return grey;
}
