import type { ForeignCodec, SourceTrack } from '../source.ts';

/** Codecs that browsers can't play or CMAF does not carry. Apart from what decodes them, which is loaded where one of them comes. */
export function isForeign(codec: SourceTrack['codec']): codec is ForeignCodec {
  switch (codec) {
    case 'h264':
    case 'hevc':
    case 'av1':
    case 'vp9':
    case 'aac':
    case 'opus':
      return false;
    case 'mjpeg':
    case 'mpeg4':
    case 'mpeg2video':
    case 'pcm_alaw':
    case 'pcm_mulaw':
    case 'mp3':
    case 'ac3':
    case 'other':
      return true;
  }
}
