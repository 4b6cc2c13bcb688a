import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';

import { quietLibav } from '#sidecars/encode/libav-log.ts';

import type { AccessUnit, SourceVideoTrack } from '../source.ts';
import { decoderIds } from './decoder-ids.ts';
import { decodableBytes } from './payload-bytes.ts';

/** Decodes one key frame and lends it; null where it does not decode. */
export async function withDecodedKey<Result>(
  track: Pick<SourceVideoTrack, 'codec' | 'config'>,
  unit: Pick<AccessUnit, 'payload'>,
  lend: (frame: Frame, profile: string | null) => Promise<Result>,
): Promise<Result | null> {
  const id = decoderIds.get(track.codec);
  const codec = id === undefined ? null : Codec.findDecoder(id);
  if (!codec) return null;
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
    const profile = codec.profiles?.find((known) => known.profile === Number(decoder.profile))?.name ?? null;
    return await lend(frame, profile);
  } finally {
    frame.free();
    packet.free();
    decoder.freeContext();
  }
}
