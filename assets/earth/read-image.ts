import { join, resolve } from 'node:path';

import { Decoder, Demuxer, Scaler } from 'node-av/api';

const images = resolve(import.meta.dirname, '../../node_modules/three-globe/example/img');

/** A picture of three-globe in this size: three bytes a texel, or one. */
export async function readImage(
  name: string,
  format: 'rgb' | 'gray',
  resize: { width: number; height: number },
): Promise<Buffer> {
  await using demuxer = await Demuxer.open(join(images, name));
  const stream = demuxer.video();
  if (!stream) throw new Error(`${name} is no picture`);
  using decoder = await Decoder.create(stream);
  for await (const packet of demuxer.packets(stream.index)) {
    if (!packet) break;
    await decoder.decode(packet);
    packet.free();
  }
  await decoder.decode(null);
  const frame = await decoder.receive();
  if (!frame) throw new Error(`${name} does not decode`);
  using scaler = new Scaler();
  const pixels = await scaler.toBuffer(frame, { resize, format });
  frame.free();
  return pixels;
}
