/** Everything up to the end of the first mdat: the chunk that a segment's key frame is in. Null where there is none. */
export function firstChunk(segment: Buffer): Buffer | null {
  for (let at = 0; at + 8 <= segment.length;) {
    const size = segment.readUInt32BE(at);
    const end = at + size;
    if (size < 8 || end > segment.length) return null;
    if (segment.toString('latin1', at + 4, at + 8) === 'mdat') return segment.subarray(0, end);
    at = end;
  }
  return null;
}
