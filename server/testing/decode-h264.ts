import { AV_CODEC_ID_H264 } from 'node-av/constants';
import { Codec, CodecContext, FFmpegError, Frame, Packet } from 'node-av/lib';

import type { AccessUnit } from '#sidecars/ingest/source.ts';

const startCode = Buffer.from([0, 0, 0, 1]);

/** The sizes of the pictures that a decoder makes of `units`; throws where it complains. */
export async function decodeH264(units: readonly AccessUnit[]): Promise<string[]> {
  const codec = Codec.findDecoder(AV_CODEC_ID_H264);
  if (!codec) throw new Error('no H.264 decoder');
  const context = new CodecContext();
  context.allocContext3(codec);
  context.threadCount = 1;
  FFmpegError.throwIfError(await context.open2(codec, null), 'open2');
  const frame = new Frame();
  frame.alloc();
  const packet = new Packet();
  packet.alloc();
  const sizes: string[] = [];
  const receive = async () => {
    while ((await context.receiveFrame(frame)) >= 0) {
      sizes.push(`${frame.width}x${frame.height}`);
      frame.unref();
    }
  };
  for (const unit of units) {
    packet.data = annexB(unit);
    FFmpegError.throwIfError(await context.sendPacket(packet), 'sendPacket');
    packet.unref();
    await receive();
  }
  await context.sendPacket(null);
  await receive();
  context.freeContext();
  return sizes;
}

function annexB({ payload }: AccessUnit): Buffer {
  if (payload.form !== 'pieces') throw new Error('expected pieces');
  const parts = payload.parameterSets.flatMap((nal) => [startCode, nal]);
  const bytes = Buffer.concat(payload.pieces);
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32BE(at);
    parts.push(startCode, bytes.subarray(at + 4, end));
    at = end;
  }
  return Buffer.concat(parts);
}
