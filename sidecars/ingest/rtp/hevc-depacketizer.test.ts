import { expect, test } from 'vitest';

import { writeRtp } from '#server/testing/fake-rtp.ts';

import type { AccessUnit } from '../source.ts';
import { HevcDepacketizer } from './hevc-depacketizer.ts';
import { RtpHeader } from './rtp-header.ts';

/** A NAL unit of `type` with layer 0 and temporal id 1. */
function nal(type: number, length: number): Buffer {
  const bytes = Buffer.alloc(length, 0x77);
  bytes.writeUInt16BE((type << 9) | 1, 0);
  if (length > 2) bytes[2] = 0x80;
  return bytes;
}

function aggregate(nals: Buffer[]): Buffer {
  const parts = nals.flatMap((one) => {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(one.length, 0);
    return [size, one];
  });
  return Buffer.concat([Buffer.from([48 << 1, 1]), ...parts]);
}

function fragments(whole: Buffer, bytesMax: number): Buffer[] {
  const type = (whole.readUInt8(0) >> 1) & 63;
  const result: Buffer[] = [];
  for (let at = 2; at < whole.length; at += bytesMax) {
    const flags = (at === 2 ? 128 : 0) | (at + bytesMax >= whole.length ? 64 : 0);
    result.push(Buffer.concat([Buffer.from([49 << 1, 1, flags | type]), whole.subarray(at, at + bytesMax)]));
  }
  return result;
}

function depacketize(payloads: { payload: Buffer; timestamp: number; marker?: boolean }[]): AccessUnit[] {
  const units: AccessUnit[] = [];
  const target = new HevcDepacketizer({ track: 1, parameterSets: [], emit: (unit) => units.push(unit) });
  const header = new RtpHeader();
  for (const [sequence, { payload, timestamp, marker = false }] of payloads.entries()) {
    const packet = writeRtp({ payloadType: 96, sequence, timestamp, ssrc: 1, marker }, payload);
    header.read(packet, 0, packet.length);
    target.push(packet, header, 0);
  }
  return units;
}

test('gives an HEVC picture back as the bytes that went in, parameter sets beside it', () => {
  const [vps, sps, pps, idr] = [nal(32, 20), nal(33, 30), nal(34, 10), nal(19, 4000)];
  const [first, ...rest] = fragments(idr, 1300).toReversed();
  if (!first) throw new Error('no fragment');
  const [unit, trailing] = depacketize([
    { payload: aggregate([vps, sps, pps]), timestamp: 10 },
    ...rest.toReversed().map((payload) => ({ payload, timestamp: 10 })),
    { payload: first, timestamp: 10, marker: true },
    { payload: nal(1, 99), timestamp: 20, marker: true },
  ]);
  if (unit?.payload.form !== 'pieces' || trailing?.payload.form !== 'pieces') throw new Error('no pieces');
  expect(unit.key).toBe(true);
  expect(unit.payload.parameterSets).toEqual([vps, sps, pps]);
  const whole = Buffer.concat(unit.payload.pieces);
  expect(whole.readUInt32BE(0)).toBe(4000);
  expect(whole.subarray(4).equals(idr)).toBe(true);
  expect(trailing.key).toBe(false);
  expect(Buffer.concat(trailing.payload.pieces).subarray(4).equals(nal(1, 99))).toBe(true);
});

test('gives parameter sets that came in fragments whole', () => {
  const sps = nal(33, 500);
  const [unit] = depacketize([
    ...fragments(sps, 200).map((payload) => ({ payload, timestamp: 10 })),
    { payload: nal(20, 99), timestamp: 10, marker: true },
  ]);
  expect(unit?.payload.form === 'pieces' && unit.payload.parameterSets).toEqual([sps]);
});

test.each([16, 17, 18, 19, 20, 21])('takes NAL unit type %i for a key frame', (type) => {
  const units = depacketize([{ payload: nal(type, 50), timestamp: 1, marker: true }]);
  expect(units.map(({ key }) => key)).toEqual([true]);
});
