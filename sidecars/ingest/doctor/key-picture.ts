import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';

import { quietLibav } from '../libav/libav-log.ts';
import { decoderIds } from '../transcode/decoder-ids.ts';
import { decodableBytes } from '../transcode/payload-bytes.ts';
import type { Examination } from './examination.ts';

const widthMax = 640;
const jpegQuality = 80;

export interface KeyPicture {
  jpeg: Buffer;
  width: number;
  height: number;
  profile: string | null;
}

/** The first key frame, decoded: as a JPEG to look at, and as the last word on size and profile. Null where it does not decode. */
export async function pictureOf(examination: Pick<Examination, 'videoTrack' | 'firstKey'>): Promise<KeyPicture | null> {
  const { videoTrack: track, firstKey: unit } = examination;
  const id = track ? decoderIds.get(track.codec) : undefined;
  const codec = id === undefined ? null : Codec.findDecoder(id);
  if (!track || !unit || !codec) return null;
  quietLibav();
  const decoder = new CodecContext();
  const packet = new Packet();
  const frame = new Frame();
  try {
    decoder.allocContext3(codec);
    if (track.config) decoder.extraData = track.config;
    decoder.threadCount = 1;
    if ((await decoder.open2(codec, null)) < 0) return null;
    packet.alloc();
    frame.alloc();
    packet.data = decodableBytes(unit.payload);
    packet.pts = 0n;
    packet.dts = 0n;
    packet.isKeyframe = true;
    if ((await decoder.sendPacket(packet)) < 0) return null;
    // The end of the stream makes a decoder give what it holds for reordering.
    await decoder.sendPacket(null);
    if ((await decoder.receiveFrame(frame)) < 0) return null;
    // The scaler's filters refuse a frame without one.
    frame.timeBase = new Rational(1, 90_000);
    const { width, height } = frame;
    const scale = Math.min(1, widthMax / width);
    const resize = {
      width: Math.max(2, Math.round(width * scale) & ~1),
      height: Math.max(2, Math.round(height * scale) & ~1),
    };
    // Only the doctor needs the high-level half of node-av.
    const { Scaler } = await import('node-av/api');
    const scaler = new Scaler();
    try {
      const profile = codec.profiles?.find((known) => known.profile === Number(decoder.profile))?.name ?? null;
      return {
        jpeg: Buffer.from(await scaler.toJpeg(frame, { resize, quality: jpegQuality })),
        width,
        height,
        profile,
      };
    } finally {
      scaler.close();
    }
  } finally {
    frame.free();
    packet.free();
    decoder.freeContext();
  }
}
