import { Decoder, Demuxer, Scaler } from 'node-av/api';
import type { Frame } from 'node-av/lib';

import { gridHeight, gridWidth } from './picture-protocol.ts';

export interface DecodedPicture {
  jpeg: Buffer;
  width: number;
  height: number;
  /** Mean luma of each cell, row by row, 0…255 full range. */
  grid: Buffer;
}

/** Packets looked at before giving up: a chunk of ours holds one or two. */
const packetsMax = 8;

/** Decodes the first picture of init + chunk. Throws where there is none. */
export async function decodePicture(
  media: Buffer,
  form: { widthMax: number; quality: number },
): Promise<DecodedPicture> {
  // One a picture: a scaler keeps its graph for the size it saw first, and refuses the next stream's.
  using scaler = new Scaler();
  // The init names the codec; reading on to guess more would want frames that are not there.
  const demuxer = await Demuxer.open(media, { format: 'mp4', skipStreamInfo: true });
  try {
    const frame = await firstFrame(demuxer);
    try {
      const size = displaySize(frame, form.widthMax);
      const jpeg = await scaler.toJpeg(frame, { resize: size, quality: form.quality });
      const grid = await scaler.toBuffer(frame, { resize: { width: gridWidth, height: gridHeight }, format: 'gray' });
      return { ...size, jpeg, grid };
    } finally {
      frame.free();
    }
  } finally {
    await demuxer.close();
  }
}

async function firstFrame(demuxer: Demuxer): Promise<Frame> {
  const stream = demuxer.video();
  if (!stream) throw new Error('the init has no video track');
  const decoder = await Decoder.create(stream, { context: { threadCount: 1 } });
  try {
    let packets = 0;
    for await (const packet of demuxer.packets(stream.index)) {
      if (!packet || packets >= packetsMax) break;
      packets += 1;
      await decoder.decode(packet);
      packet.free();
    }
    // Draining gives a picture that reordering holds back.
    await decoder.decode(null);
    const frame = await decoder.receive();
    if (!frame || typeof frame !== 'object') throw new Error(`no picture in ${packets} packets`);
    return frame;
  } finally {
    decoder.close();
  }
}

/** As displayed: sample aspect ratio applied, no wider than asked, even as JPEG's 4:2:0 wants it. */
export function displaySize(
  frame: { width: number; height: number; sampleAspectRatio: { num: number; den: number } },
  widthMax: number,
): { width: number; height: number } {
  const { num, den } = frame.sampleAspectRatio;
  const displayed = num > 0 && den > 0 ? (frame.width * num) / den : frame.width;
  const width = Math.min(widthMax, displayed);
  const even = (value: number) => Math.max(2, 2 * Math.round(value / 2));
  return { width: even(width), height: even((frame.height * width) / displayed) };
}
