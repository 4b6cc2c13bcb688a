import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  aacCodecString,
  ascOfAdts,
  isAdts,
  isSoundAac,
  parseAudioSpecificConfig,
  silentAacFrame,
  splitAdts,
} from './aac.ts';
import { NalScan, parameterSetsOf } from './annexb.ts';
import { av1CodecString, buildAv1C, findAv1Sequence, parseAv1C } from './av1.ts';
import { CodecError } from './bit-reader.ts';
import { buildAvcC, h264CodecString, parseH264Sps, splitAvcC } from './h264.ts';
import { buildHvcC, hevcCodecString, hevcVpsFps, parseHevcSps, splitHvcC } from './hevc.ts';
import { buildOpusHead, opusPacketSamples, parseOpusHead, silentOpusPacket } from './opus.ts';
import { buildVpcC, parseVp9KeyFrame, vp9CodecString } from './vp9.ts';

/** What FFmpeg 5.1 wrote for x264, x265, libvpx and libaom. */
const hex = (text: string) => Buffer.from(text, 'hex');
const avcBaseline = hex('0142c01effe100196742c01ed900a02ff970110000030001000003003c0f162e4801000568cb83cb20');
const avcHigh = hex('01640028ffe1001b67640028acd940780227e5c044000003000400000300c83c60c65801000668ebe3cb22c0fdf8f800');
const avcHigh10 = hex('016e000dffe10019676e000da6cd94141fb011000003000100000300320f14299601000668ebe3cb22c0fdfafa00');
const hevcSets = hex(
  '0000000140010c01ffff01600000030090000003000003003f959409000000000142010101600000030090000003000003003fa005020171f2e595952930bc05a020000003002000000303c100000000014401c073c189',
);
const av1C = hex('81010c000a0b0000000cc4ff6736be4010');
const vp9Key = hex('824983420027f016760638241c184a1009005fcdf7f7ffb4fc5ffeafc3fef7fc07bf');

describe('H.264', () => {
  it.each([
    ['baseline', avcBaseline, { width: 640, height: 360, fps: 30, reorder: 0, codec: 'avc1.42c01e' }],
    [
      'high with two B-frames, cropped to 1080',
      avcHigh,
      { width: 1920, height: 1080, fps: 25, reorder: 2, codec: 'avc1.640028' },
    ],
    ['high 10', avcHigh10, { width: 320, height: 240, fps: 25, reorder: 2, codec: 'avc1.6e000d' }],
  ])('reads the sequence parameter set: %s', (_, record, { codec, ...expected }) => {
    const sps = parseH264Sps(splitAvcC(record)[0] ?? Buffer.alloc(0));
    expect(sps).toMatchObject(expected);
    expect(h264CodecString(sps)).toBe(codec);
  });

  it.each([avcBaseline, avcHigh, avcHigh10])('writes the record that FFmpeg writes, byte for byte', (record) => {
    const sets = splitAvcC(record);
    expect(buildAvcC(sets, parseH264Sps(sets[0] ?? Buffer.alloc(0)))).toEqual(record);
  });
});

describe('HEVC', () => {
  const sets = parameterSetsOf(hevcSets, true);
  const sps = parseHevcSps(sets[1] ?? Buffer.alloc(0));

  it('reads the parameter sets', () => {
    expect(sets).toHaveLength(3);
    expect(sps).toMatchObject({
      width: 640,
      height: 360,
      chromaFormat: 1,
      bitDepthLuma: 8,
      reorder: 2,
      temporalLayers: 1,
    });
    expect(hevcCodecString(sps)).toBe('hvc1.1.6.L63.90');
    expect(hevcVpsFps(sets[0] ?? Buffer.alloc(0))).toBeNull();
  });

  it('writes a record that gives the same sets back', () => {
    expect(splitHvcC(buildHvcC(sets, sps))).toEqual(sets);
  });
});

describe('AV1 and VP9', () => {
  it('writes the av1C that FFmpeg writes', () => {
    const sequence = parseAv1C(av1C);
    expect(sequence).toMatchObject({ width: 640, height: 360, bitDepth: 8, monochrome: false });
    expect(buildAv1C(sequence)).toEqual(av1C);
    expect(av1CodecString(sequence)).toBe('av01.0.01M.08');
  });

  it('finds the sequence header in a temporal unit', () => {
    expect(findAv1Sequence(Buffer.concat([hex('1200'), av1C.subarray(4), hex('3201aa')]))?.width).toBe(640);
    expect(findAv1Sequence(hex('1200'))).toBeNull();
  });

  it('reads a VP9 key frame', () => {
    const header = parseVp9KeyFrame(vp9Key);
    expect(header).toMatchObject({ width: 640, height: 360, bitDepth: 8 });
    expect(header ? vp9CodecString(buildVpcC(header)) : '').toBe('vp09.00.30.08');
  });
});

describe('Annex-B', () => {
  it('keeps slices and SEI, takes parameter sets out, drops delimiters and filler', () => {
    const scan = new NalScan();
    const data = hex('0000000109f0000000016742c01ed9000000000168cb83cb20000001060102800000010cff80000001658884000000');
    scan.scan(data, false);
    expect(scan.key).toBe(true);
    const kept = Array.from({ length: scan.count / 2 }, (_, i) =>
      data.subarray(scan.offsets[2 * i], scan.offsets[2 * i + 1]).toString('hex'),
    );
    expect(kept).toEqual(['06010280', '658884']);
    expect(scan.size).toBe(4 + 4 + 4 + 3);
    expect(parameterSetsOf(data, false).map((set) => set.toString('hex'))).toEqual(['6742c01ed9', '68cb83cb20']);
  });

  it('refuses an access unit of thousands of NAL units', () => {
    const data = Buffer.concat(Array.from({ length: 5000 }, () => hex('00000141')));
    expect(() => new NalScan().scan(data, false)).toThrow(CodecError);
  });
});

describe('AAC', () => {
  const stereo = parseAudioSpecificConfig(hex('1190'));

  it('reads AudioSpecificConfig, HE-AAC with its core rate included', () => {
    expect(stereo).toMatchObject({ objectType: 2, sampleRate: 48_000, channels: 2, frameSamples: 1024 });
    expect(parseAudioSpecificConfig(hex('2b098800'))).toMatchObject({ objectType: 5, sampleRate: 24_000, channels: 1 });
    expect(aacCodecString(stereo)).toBe('mp4a.40.2');
  });

  it('refuses what it can not carry', () => {
    for (const asc of ['', '11', 'ffff', '1180', 'f8f0'])
      expect(() => parseAudioSpecificConfig(hex(asc))).toThrow(CodecError);
  });

  it('takes ADTS headers off and makes the configuration of them', () => {
    const silence = silentAacFrame(stereo);
    const adts = Buffer.concat([hex('fff14c8001bffc'), silence]);
    expect(isAdts(adts)).toBe(true);
    expect(ascOfAdts(adts)).toEqual(hex('1190'));
    expect(splitAdts(Buffer.concat([adts, adts]))).toEqual([silence, silence]);
    expect(() => splitAdts(adts.subarray(0, 10))).toThrow(CodecError);
  });

  it('takes its own silence for sound in every configuration', () => {
    for (const configuration of [1, 2, 3, 4, 5, 6, 7]) {
      const config = parseAudioSpecificConfig(Buffer.from([0x11, 0x80 | (configuration << 3)]));
      expect(isSoundAac(silentAacFrame(config), config)).toBe(true);
    }
  });

  it('refuses nine in ten of random access units, and all that are too long', () => {
    let passed = 0;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 200, maxLength: 400 }), (bytes) => {
        if (isSoundAac(Buffer.from(bytes), stereo)) passed += 1;
      }),
      { numRuns: 1000, seed: 1 },
    );
    expect(passed).toBeLessThan(100);
    expect(isSoundAac(Buffer.alloc(2000), stereo)).toBe(false);
  });
});

describe('Opus', () => {
  it('counts the samples of a packet by its table of contents', () => {
    expect(opusPacketSamples(silentOpusPacket(2))).toBe(960);
    expect(opusPacketSamples(hex('00'))).toBe(480);
    expect(opusPacketSamples(hex('9b03'))).toBe(3 * 960);
    expect(opusPacketSamples(hex('1b3f'))).toBe(0);
    expect(opusPacketSamples(Buffer.alloc(0))).toBe(0);
  });

  it('reads the head it writes', () => {
    expect(parseOpusHead(buildOpusHead(2))).toMatchObject({ channels: 2 });
    expect(() => parseOpusHead(hex('0102'))).toThrow(CodecError);
  });
});

describe('random bytes', () => {
  const parsers: [string, (data: Buffer) => unknown][] = [
    ['H.264 SPS', (data) => parseH264Sps(Buffer.concat([hex('67'), data]))],
    ['HEVC SPS', (data) => parseHevcSps(Buffer.concat([hex('4201'), data]))],
    ['HEVC VPS', (data) => hevcVpsFps(Buffer.concat([hex('4001'), data]))],
    ['avcC', (data) => splitAvcC(Buffer.concat([hex('01'), data]))],
    ['hvcC', (data) => splitHvcC(Buffer.concat([hex('01'), data]))],
    ['av1C', (data) => parseAv1C(Buffer.concat([hex('81'), data]))],
    ['AV1', findAv1Sequence],
    ['VP9', (data) => parseVp9KeyFrame(Buffer.concat([hex('824983'), data]))],
    ['AudioSpecificConfig', parseAudioSpecificConfig],
    ['ADTS', (data) => splitAdts(Buffer.concat([hex('fff1'), data]))],
    ['OpusHead', parseOpusHead],
    ['Annex-B', (data) => parameterSetsOf(data, false)],
    ['AAC', (data) => isSoundAac(data, parseAudioSpecificConfig(hex('1190')))],
  ];

  it.each(parsers)('end in a value or a CodecError: %s', (_, parse) => {
    const outcome = (bytes: Uint8Array) => {
      try {
        parse(Buffer.from(bytes));
        return 'value';
      } catch (error) {
        return error instanceof CodecError ? 'refused' : error;
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['value', 'refused']).toContain(outcome(bytes));
      }),
      { numRuns: 500 },
    );
  });
});
