import { Frame, Packet } from 'node-av/lib';

import { chunkSamples } from '#sidecars/cmaf/chunk-samples.ts';
import { displaySize } from '#sidecars/encode/display-size.ts';
import { encodeJpeg } from '#sidecars/encode/jpeg.ts';
import { PictureScaler } from '#sidecars/encode/picture-scaler.ts';

import { openDecoder } from './open-decoder.ts';

interface DecodedPicture {
  jpeg: Buffer;
  width: number;
  height: number;
  /** Mean luma of each cell, row by row, 0…255 full range. */
  grid: Buffer;
}

/** Cells of the luma grid: enough to see that something moved, little enough to keep a minute of them for each stream. */
const gridWidth = 32;
const gridHeight = 18;
/** Samples looked at before giving up: a chunk of ours holds one or two. */
const samplesMax = 8;

/**
 * Decodes the first picture of init + chunk. Throws where there is none. Everything is opened for one picture: they come seldom, of all
 * sizes, and what lies between them is memory that live could use.
 */
export async function decodePicture(
  media: { init: Buffer; chunk: Buffer },
  form: { widthMax: number; quality: number },
): Promise<DecodedPicture> {
  const frame = new Frame();
  const small = new PictureScaler('full');
  const cells = new PictureScaler('luma');
  try {
    frame.alloc();
    await decodeFirst(media, frame);
    const size = displaySize(frame, form.widthMax);
    const picture = await small.scale(frame, size.width, size.height);
    const grid = rowsOf(await cells.scale(picture, gridWidth, gridHeight));
    return { ...size, grid, jpeg: await encodeJpeg(picture, form.quality) };
  } finally {
    cells.close();
    small.close();
    frame.free();
  }
}

async function decodeFirst({ init, chunk }: { init: Buffer; chunk: Buffer }, frame: Frame): Promise<void> {
  const decoder = await openDecoder(init);
  const packet = new Packet();
  packet.alloc();
  try {
    const samples = samplesOf(chunk).slice(0, samplesMax);
    for (const [at, { data }] of samples.entries()) {
      packet.data = data;
      packet.pts = BigInt(at);
      packet.dts = BigInt(at);
      packet.isKeyframe = at === 0;
      await decoder.sendPacket(packet);
      packet.unref();
    }
    // The end of the stream makes a decoder give what it holds for reordering.
    await decoder.sendPacket(null);
    if ((await decoder.receiveFrame(frame)) < 0) throw new Error(`no picture in ${samples.length} samples`);
  } finally {
    packet.free();
    decoder.freeContext();
  }
}

function samplesOf(chunk: Buffer): { data: Buffer }[] {
  try {
    return chunkSamples(chunk);
  } catch (cause) {
    throw new Error('no picture: the chunk is none', { cause });
  }
}

/** The first plane without what lies between its rows. */
function rowsOf({ width, height, data, linesize }: Frame): Buffer {
  const plane = data?.[0];
  const stride = linesize[0];
  if (!plane || !stride) throw new Error('the scaled picture has no planes');
  return Buffer.concat(Array.from({ length: height }, (_, row) => plane.subarray(row * stride, row * stride + width)));
}
