/** For tests: what stands in the boxes of a chunk. Held against `@svta/cml-iso-bmff` in cmaf.test.ts. */
export interface ChunkFields {
  boxes: string[];
  sequence: number;
  track: number;
  tfdt: number;
  /** NTP seconds, fraction and media time; null without prft. */
  prft: [number, number, number] | null;
  /** Offset of the first sample from the moof. */
  dataOffset: number;
  /** [duration, size, flags, composition offset] */
  samples: [number, number, number, number][];
}

const containers = new Set(['moof', 'traf']);

function readBoxes(data: Buffer, into: Map<string, Buffer>): string[] {
  const types: string[] = [];
  for (let at = 0; at + 8 <= data.length; at += data.readUInt32BE(at)) {
    const type = data.toString('latin1', at + 4, at + 8);
    const body = data.subarray(at + 8, at + data.readUInt32BE(at));
    types.push(type);
    into.set(type, body);
    if (containers.has(type)) readBoxes(body, into);
  }
  return types;
}

export function readChunk(data: Buffer): ChunkFields {
  const found = new Map<string, Buffer>();
  const boxes = readBoxes(data, found);
  const body = (type: string): Buffer => {
    const box = found.get(type);
    if (!box) throw new Error(`a chunk without ${type}`);
    return box;
  };
  const trun = body('trun');
  const samples = Array.from({ length: trun.readUInt32BE(4) }, (_, i): ChunkFields['samples'][number] => {
    const at = 12 + 16 * i;
    return [trun.readUInt32BE(at), trun.readUInt32BE(at + 4), trun.readUInt32BE(at + 8), trun.readInt32BE(at + 12)];
  });
  const prft = found.get('prft');
  return {
    boxes,
    sequence: body('mfhd').readUInt32BE(4),
    track: body('tfhd').readUInt32BE(4),
    tfdt: Number(body('tfdt').readBigUInt64BE(4)),
    prft: prft ? [prft.readUInt32BE(8), prft.readUInt32BE(12), Number(prft.readBigUInt64BE(16))] : null,
    dataOffset: trun.readUInt32BE(8),
    samples,
  };
}
