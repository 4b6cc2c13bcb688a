import { AV_CODEC_ID_AV1, AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_VP9 } from 'node-av/constants';
import { Codec, CodecContext } from 'node-av/lib';

import { videoConfigOf } from '#sidecars/cmaf/video-config.ts';

const codecs = new Map([
  ['avc1', AV_CODEC_ID_H264],
  ['hvc1', AV_CODEC_ID_HEVC],
  ['hev1', AV_CODEC_ID_HEVC],
  ['av01', AV_CODEC_ID_AV1],
  ['vp09', AV_CODEC_ID_VP9],
]);

/** A decoder of one thread for the video of an init segment; `prepare` sets what must be set before it opens. Throws where there is none. */
export async function openDecoder(init: Buffer, prepare?: (context: CodecContext) => void): Promise<CodecContext> {
  const { sampleEntry, config } = videoConfigOf(init);
  const id = codecs.get(sampleEntry);
  const codec = id === undefined ? null : Codec.findDecoder(id);
  if (!codec) throw new Error(`there is no decoder for ${sampleEntry}`);
  const context = new CodecContext();
  context.allocContext3(codec);
  // VP9 has its parameters in band, and no decoder reads a vpcC.
  if (config && sampleEntry !== 'vp09') context.extraData = config;
  context.threadCount = 1;
  prepare?.(context);
  const opened = await context.open2(codec, null);
  if (opened >= 0) return context;
  context.freeContext();
  throw new Error(`the decoder refuses (${opened})`);
}
