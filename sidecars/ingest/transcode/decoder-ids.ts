import {
  AV_CODEC_ID_AC3,
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_MPEG2VIDEO,
  AV_CODEC_ID_MPEG4,
  AV_CODEC_ID_OPUS,
  AV_CODEC_ID_PCM_ALAW,
  AV_CODEC_ID_PCM_MULAW,
  AV_CODEC_ID_VP9,
  type AVCodecID,
} from 'node-av/constants';

import type { SourceTrack } from '../source.ts';

/** libav's number for what we decode; AAC needs no decoder and `other` has no name to find one by. */
export const decoderIds = new Map<SourceTrack['codec'], AVCodecID>([
  ['h264', AV_CODEC_ID_H264],
  ['hevc', AV_CODEC_ID_HEVC],
  ['av1', AV_CODEC_ID_AV1],
  ['vp9', AV_CODEC_ID_VP9],
  ['mjpeg', AV_CODEC_ID_MJPEG],
  ['mpeg4', AV_CODEC_ID_MPEG4],
  ['mpeg2video', AV_CODEC_ID_MPEG2VIDEO],
  ['opus', AV_CODEC_ID_OPUS],
  ['pcm_alaw', AV_CODEC_ID_PCM_ALAW],
  ['pcm_mulaw', AV_CODEC_ID_PCM_MULAW],
  ['mp3', AV_CODEC_ID_MP3],
  ['ac3', AV_CODEC_ID_AC3],
]);
