import { splitAvcC } from './h264.ts';
import { splitHvcC } from './hevc.ts';
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
