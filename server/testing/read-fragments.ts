/** One moof with its mdat, as a player reads it (ISO/IEC 14496-12 §8.8). Of our own reading, apart from the writer's code. */
export interface Fragment {
  track: number;
  tfdt: number;
  /** Sum of its samples, in ticks of the track. */
  duration: number;
  samples: Buffer[];
}

/** All fragments in the bytes of a part, a segment or several of them; other boxes are passed over. */
export function readFragments(bytes: Buffer): Fragment[] {
  const fragments: Fragment[] = [];
  for (const box of boxesIn(bytes, 0, bytes.length)) {
    if (box.type === 'moof') fragments.push(readMoof(bytes, box));
  }
  return fragments;
}

interface Box {
  type: string;
  start: number;
  /** Of what lies behind its size and type. */
  from: number;
  to: number;
}

function boxesIn(bytes: Buffer, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to;) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > to) throw new Error(`a box of ${size} bytes at ${at} does not fit into ${to}`);
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), start: at, from: at + 8, to: at + size });
    at += size;
  }
  return boxes;
}

function readMoof(bytes: Buffer, moof: Box): Fragment {
  const traf = find(boxesIn(bytes, moof.from, moof.to), 'traf');
  const inTraf = boxesIn(bytes, traf.from, traf.to);
  const tfhd = find(inTraf, 'tfhd');
  const tfdt = find(inTraf, 'tfdt');
  const trun = find(inTraf, 'trun');
  const defaults = readDefaults(bytes, tfhd);
  const flags = bytes.readUIntBE(trun.from + 1, 3);
  const count = bytes.readUInt32BE(trun.from + 4);
  let at = trun.from + 8;
  const dataOffset = flags & 0x1 ? bytes.readInt32BE(at) : 0;
  at += (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
  let data = moof.start + dataOffset;
  let duration = 0;
  const samples: Buffer[] = [];
  for (let index = 0; index < count; index += 1) {
    const take = (flag: number, otherwise: number) => {
      if ((flags & flag) === 0) return otherwise;
      at += 4;
      return bytes.readUInt32BE(at - 4);
    };
    duration += take(0x100, defaults.duration);
    const size = take(0x200, defaults.size);
    take(0x400, 0);
    take(0x800, 0);
    samples.push(bytes.subarray(data, data + size));
    data += size;
  }
  return {
    track: defaults.track,
    tfdt: Number(bytes[tfdt.from] === 1 ? bytes.readBigUInt64BE(tfdt.from + 4) : bytes.readUInt32BE(tfdt.from + 4)),
    duration,
    samples,
  };
}

function readDefaults(bytes: Buffer, tfhd: Box): { track: number; duration: number; size: number } {
  const flags = bytes.readUIntBE(tfhd.from + 1, 3);
  let at = tfhd.from + 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  const take = (flag: number) => {
    if ((flags & flag) === 0) return 0;
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  return { track: bytes.readUInt32BE(tfhd.from + 4), duration: take(0x8), size: take(0x10) };
}

function find(boxes: readonly Box[], type: string): Box {
  const box = boxes.find((each) => each.type === type);
  if (!box) throw new Error(`there is no ${type}`);
  return box;
}
