import { splitAvcC } from '#sidecars/codec/h264.ts';
import { splitHvcC } from '#sidecars/codec/hevc.ts';

import type { VideoFormat } from './video-format.ts';

/** The parameter sets of a sample entry as NAL units of a sample, with lengths as its record counts them; empty where the codec has none. */
export function parameterSetsInBand({ sampleEntry, config }: Pick<VideoFormat, 'sampleEntry' | 'config'>): Buffer {
  if (sampleEntry !== 'avc1' && sampleEntry !== 'hvc1') return Buffer.alloc(0);
  const sets = sampleEntry === 'avc1' ? splitAvcC(config) : splitHvcC(config);
  const lengthBytes = ((config[sampleEntry === 'avc1' ? 4 : 21] ?? 3) & 3) + 1;
  return Buffer.concat(
    sets.flatMap((set) => {
      const length = Buffer.alloc(lengthBytes);
      length.writeUIntBE(set.length, 0, lengthBytes);
      return [length, set];
    }),
  );
}

/**
 * The same HEVC format for a run that carries its parameter sets in band: `hvc1` promises that none stand there, `hev1` allows it (ISO/IEC
 * 14496-15 §8.3.3), and its arrays are not said to be complete. Other codecs stay what they are.
 */
export function withSetsInBand<Format extends Pick<VideoFormat, 'sampleEntry' | 'config' | 'codec'>>(
  format: Format,
): Format {
  if (format.sampleEntry !== 'hvc1') return format;
  const config = Buffer.from(format.config);
  for (let array = 0, at = 23; array < (config[22] ?? 0) && at + 3 <= config.length; array += 1) {
    config[at] = (config[at] ?? 0) & 0x7f;
    let count = config.readUInt16BE(at + 1);
    for (at += 3; count > 0 && at + 2 <= config.length; count -= 1) at += 2 + config.readUInt16BE(at);
  }
  return { ...format, sampleEntry: 'hev1', codec: format.codec.replace(/^hvc1/, 'hev1'), config };
}
