/** One init for several tracks out of the inits of each: how `src` gets its moov (media contract §3). */

interface Box {
  type: string;
  /** The whole box, header included. */
  bytes: Buffer;
  body: Buffer;
}

function boxes(bytes: Buffer): Box[] {
  const found: Box[] = [];
  let at = 0;
  while (at < bytes.length) {
    const size = at + 8 <= bytes.length ? bytes.readUInt32BE(at) : 0;
    if (size < 8 || at + size > bytes.length)
      throw new RangeError(`no box of ${size} bytes fits at ${at} of ${bytes.length}`);
    const box = bytes.subarray(at, at + size);
    found.push({ type: box.toString('latin1', 4, 8), bytes: box, body: box.subarray(8) });
    at += size;
  }
  return found;
}

function makeBox(type: string, parts: Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...parts]);
}

function only(list: Box[], type: string): Box {
  const found = list.find((box) => box.type === type);
  if (!found) throw new RangeError(`init has no ${type} box`);
  return found;
}

/** tkhd is a full box: version 0 keeps track_ID behind two 32-bit times, version 1 behind two of 64 bits. */
function trackIdOf(trak: Box): number {
  const tkhd = only(boxes(trak.body), 'tkhd').body;
  return tkhd.readUInt32BE(tkhd.readUInt8(0) === 1 ? 20 : 12);
}

/** mvhd of the first init with next_track_ID above all, every trak byte for byte, one mvex with every trex. Throws a RangeError on what is no init. */
export function spliceInits(inits: readonly Buffer[]): Buffer {
  const [first, ...others] = inits;
  if (!first) throw new RangeError('no init to splice');
  if (others.length === 0) return first;
  const moovs = inits.map((init) => boxes(only(boxes(init), 'moov').body));
  const traks = moovs.flatMap((moov) => moov.filter((box) => box.type === 'trak'));
  const extensions = moovs.flatMap((moov) => boxes(only(moov, 'mvex').body).filter((box) => box.type === 'trex'));
  const mvhd = Buffer.from(only(moovs[0] ?? [], 'mvhd').bytes);
  // next_track_ID is the last field of mvhd in both versions.
  mvhd.writeUInt32BE(Math.max(...traks.map(trackIdOf)) + 1, mvhd.length - 4);
  const mvex = makeBox(
    'mvex',
    extensions.map((trex) => trex.bytes),
  );
  return Buffer.concat([
    only(boxes(first), 'ftyp').bytes,
    makeBox('moov', [mvhd, ...traks.map((trak) => trak.bytes), mvex]),
  ]);
}
