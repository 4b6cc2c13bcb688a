import type { Payload } from '../source.ts';

const startCode = Buffer.from([0, 0, 0, 1]);

/** The bytes as a decoder of libav takes them. */
export function decodableBytes(payload: Payload): Buffer {
  switch (payload.form) {
    case 'annexb':
    case 'sample':
      return payload.data;
    case 'pieces': {
      const joined = Buffer.concat(payload.pieces, payload.size);
      const sets = payload.parameterSets.flatMap((set) => [startCode, set]);
      // Length fields and start codes are four bytes both: written over in place.
      for (let at = 0; at + 4 <= joined.length;) {
        const length = joined.readUInt32BE(at);
        startCode.copy(joined, at);
        at += 4 + length;
      }
      return Buffer.concat([...sets, joined]);
    }
  }
}
