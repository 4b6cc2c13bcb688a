import { describe, expect, it } from 'vitest';

import { parameterSetsInBand } from './parameter-sets-in-band.ts';

/** An avcC record with one SPS and one PPS, lengths of samples counted in `lengthBytes`. */
const avcC = (lengthBytes: number) =>
  Buffer.from([1, 66, 0xc0, 30, 0xfc | (lengthBytes - 1), 0xe1, 0, 2, 0x67, 1, 1, 0, 1, 0x68]);

describe('parameter sets in band', () => {
  it('stand with lengths as the record counts them', () => {
    expect(parameterSetsInBand({ sampleEntry: 'avc1', config: avcC(4) })).toEqual(
      Buffer.from([0, 0, 0, 2, 0x67, 1, 0, 0, 0, 1, 0x68]),
    );
    expect(parameterSetsInBand({ sampleEntry: 'avc1', config: avcC(2) })).toEqual(
      Buffer.from([0, 2, 0x67, 1, 0, 1, 0x68]),
    );
  });

  it('are nothing where the codec carries its headers in each key frame', () => {
    expect(parameterSetsInBand({ sampleEntry: 'av01', config: Buffer.alloc(4) })).toHaveLength(0);
  });
});
