import { AV_PIX_FMT_YUV420P, AVCOL_RANGE_MPEG } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { afterEach, expect, it } from 'vitest';

import { displaySize } from './display-size.ts';
import { encodeJpeg } from './jpeg.ts';
import { quietLibav } from './libav-log.ts';
import { PictureScaler } from './picture-scaler.ts';
import { X264Encoder } from './x264-encoder.ts';

const width = 320;
const height = 180;
const frames: Frame[] = [];
quietLibav();
afterEach(() => {
  for (const frame of frames.splice(0)) frame.free();
});

/** A picture as video has it: black on the left, white on the right, stripes below where it is to be busy. */
function halves(busy = 0): Frame {
  const frame = new Frame();
  frames.push(frame);
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = AV_PIX_FMT_YUV420P;
  frame.colorRange = AVCOL_RANGE_MPEG;
  frame.getBuffer(0);
  const luma = Buffer.alloc(width * height, 16);
  for (let y = 0; y < height; y += 1) {
    luma.fill(235, y * width + width / 2, (y + 1) * width);
    if (y >= height - busy) for (let x = 0; x < width; x += 1) luma[y * width + x] = 16 + ((x * 37 + y * 91) % 220);
  }
  frame.fromBuffer(Buffer.concat([luma, Buffer.alloc((width * height) / 2, 128)]));
  return frame;
}

it('turns the narrow range of video into the full one of a JPEG: black is black, white is white', async () => {
  const scaler = new PictureScaler('luma');
  const cells = await scaler.scale(halves(), 32, 18);
  const row = cells.data?.[0]?.subarray(0, 32);
  expect([cells.width, cells.height, row?.[2], row?.[29]]).toEqual([32, 18, 0, 255]);
  scaler.close();
  const full = new PictureScaler('full');
  const plane = (await full.scale(halves(), 64, 36)).data?.[0];
  expect([plane?.[2], plane?.[61]]).toEqual([0, 255]);
  full.close();
});

it('scales pictures of one size after another', async () => {
  const scaler = new PictureScaler('narrow');
  const sizes: number[][] = [];
  for (const [to, high] of [
    [160, 90],
    [64, 36],
    [160, 90],
  ] as const) {
    const scaled = await scaler.scale(halves(), to, high);
    sizes.push([scaled.width, scaled.height, scaled.data?.[0]?.[4] ?? -1]);
  }
  expect(sizes).toEqual([
    [160, 90, 16],
    [64, 36, 16],
    [160, 90, 16],
  ]);
  scaler.close();
});

it('makes whole JPEGs, the smaller the lower their quality', async () => {
  const scaler = new PictureScaler('full');
  const picture = await scaler.scale(halves(90), width, height);
  const jpegs = [await encodeJpeg(picture, 90), await encodeJpeg(picture, 50), await encodeJpeg(picture, 10)];
  for (const jpeg of jpegs) {
    expect(jpeg.subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect(jpeg.subarray(-2).toString('hex')).toBe('ffd9');
  }
  const lengths = jpegs.map(({ length }) => length);
  expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
  scaler.close();
});

it.each([null, { profile: 'high', level: 30 } as const])(
  'gives a picture of H.264 for each picture, with a key frame where one is asked for, declared %j',
  async (declared) => {
    const options = { width, height, fps: 30, timescale: 90_000, preset: 'ultrafast', crf: 25, threads: 1 } as const;
    const bounds = { rateMax: 500_000, bufferSeconds: 1, gopSizeMax: 10_000 };
    const encoder = await X264Encoder.open({ ...options, ...bounds, declared });
    const pictures: { pts: number; key: boolean }[] = [];
    for (let at = 0; at < 12; at += 1) {
      const frame = halves(at);
      frame.pts = BigInt(at * 3000);
      const picture = await encoder.encode(frame, at === 7);
      if (picture) pictures.push({ pts: picture.pts, key: picture.key });
    }
    expect(pictures.map(({ pts }) => pts)).toEqual(Array.from({ length: 12 }, (_, at) => at * 3000));
    expect(pictures.flatMap(({ key }, at) => (key ? [at] : []))).toEqual([0, 7]);
    expect(encoder.parameterSets === null || encoder.parameterSets.length === 0).toBe(declared === null);
    encoder.close();
  },
);

it('shows a picture as wide as its samples are, and in even numbers', () => {
  const anamorphic = { width: 720, height: 576, sampleAspectRatio: { num: 64, den: 45 } };
  expect(displaySize(anamorphic, 4000)).toEqual({ width: 1024, height: 576 });
  expect(displaySize(anamorphic, 640)).toEqual({ width: 640, height: 360 });
  const untold = { width: 641, height: 3, sampleAspectRatio: { num: 0, den: 1 } };
  expect(displaySize(untold, 100)).toEqual({ width: 100, height: 2 });
});
