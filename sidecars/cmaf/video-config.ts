import { findBox, type BoxPlace } from './find-box.ts';

/** What a decoder must know of a video track before its first picture. */
export interface VideoConfig {
  sampleEntry: string;
  /** The avcC, hvcC, av1C or vpcC record; null where the sample entry has none. */
  config: Buffer | null;
}

const configBoxes = ['avcC', 'hvcC', 'av1C', 'vpcC'];
/** Fields of a VisualSampleEntry between its box header and its own boxes. */
const visualEntryBytes = 78;
/** FullBox header and entry_count. */
const descriptionHeadBytes = 8;

/** The video track of an init segment (ftyp + moov). Throws a RangeError where it has none. */
export function videoConfigOf(init: Buffer): VideoConfig {
  const moov = findBox(init, 'moov', { body: 0, end: init.length });
  for (let from = moov; from;) {
    const trak: BoxPlace | null = findBox(init, 'trak', from);
    const entries = trak && videoEntries(init, trak);
    if (entries) return firstEntry(init, entries);
    from = trak && { body: trak.end, end: from.end };
  }
  throw new RangeError('the init is invalid: it has no video track');
}

/** The stsd of a track that has a video header. */
function videoEntries(init: Buffer, trak: BoxPlace): BoxPlace | null {
  const mdia = findBox(init, 'mdia', trak);
  const minf = mdia && findBox(init, 'minf', mdia);
  const stbl = minf && findBox(init, 'vmhd', minf) && findBox(init, 'stbl', minf);
  return stbl && findBox(init, 'stsd', stbl);
}

function firstEntry(init: Buffer, stsd: BoxPlace): VideoConfig {
  const at = stsd.body + descriptionHeadBytes;
  const boxesAt = at + 8 + visualEntryBytes;
  if (boxesAt > stsd.end) throw new RangeError('the init is invalid: its sample description is cut short');
  const entry = { body: boxesAt, end: Math.min(stsd.end, at + init.readUInt32BE(at)) };
  for (const type of configBoxes) {
    const box = findBox(init, type, entry);
    if (box) return { sampleEntry: init.toString('latin1', at + 4, at + 8), config: init.subarray(box.body, box.end) };
  }
  return { sampleEntry: init.toString('latin1', at + 4, at + 8), config: null };
}
