import { findBox } from './find-box.ts';

/** What a decoder and the cutter need of a chunk (moof+mdat of one track): its samples, their offsets from decode to display time. */
export interface ChunkSample {
  data: Buffer;
  /** In the track's timescale; 0 where the chunk leaves it to a default. */
  duration: number;
  compositionOffset: number;
}

/** Throws a RangeError on what is no chunk. */
export function chunkSamples(chunk: Buffer): ChunkSample[] {
  const moof = findBox(chunk, 'moof', { body: 0, end: chunk.length });
  const mdat = moof && findBox(chunk, 'mdat', { body: moof.end, end: chunk.length });
  const traf = moof && findBox(chunk, 'traf', moof);
  const trun = traf && findBox(chunk, 'trun', traf);
  if (!mdat || !trun) throw new RangeError('a chunk needs moof, trun and mdat');
  const flags = chunk.readUInt32BE(trun.body) & 0xffffff;
  const count = chunk.readUInt32BE(trun.body + 4);
  const fields = [0x100, 0x200, 0x400, 0x800].filter((bit) => (flags & bit) !== 0).length;
  let at = trun.body + 8 + ((flags & 1) !== 0 ? 4 : 0) + ((flags & 4) !== 0 ? 4 : 0);
  if (count < 1 || at + count * fields * 4 > trun.end) throw new RangeError(`a trun of ${count} samples is cut short`);
  const next = (bit: number) => {
    if ((flags & bit) === 0) return null;
    at += 4;
    return at - 4;
  };
  const samples: ChunkSample[] = [];
  let from = mdat.body;
  for (let i = 0; i < count; i += 1) {
    const duration = next(0x100);
    const size = next(0x200);
    next(0x400);
    const offset = next(0x800);
    const to = size === null ? mdat.end : from + chunk.readUInt32BE(size);
    if (to > mdat.end) throw new RangeError('a sample reaches beyond its mdat');
    samples.push({
      data: chunk.subarray(from, to),
      duration: duration === null ? 0 : chunk.readUInt32BE(duration),
      compositionOffset: offset === null ? 0 : chunk.readInt32BE(offset),
    });
    from = to;
  }
  return samples;
}

/** From decode to display time of a chunk's first sample; 0 where the chunk does not tell. */
export function displayShift(chunk: Buffer): number {
  try {
    return chunkSamples(chunk)[0]?.compositionOffset ?? 0;
  } catch {
    return 0; // Whatever a writer sends: the source's own log takes it as it is.
  }
}
