import { describe, expect, test } from 'vitest';

import { packetizeH264, writeRtp } from '#server/testing/fake-rtp.ts';

import type { AccessUnit } from '../source.ts';
import { H264Depacketizer } from './h264-depacketizer.ts';
import { RtpHeader } from './rtp-header.ts';

const sps = Buffer.from('67420000', 'hex');
const pps = Buffer.from('68ce3c80', 'hex');
const idr = nal(0x65, 5000);
const slice = nal(0x41, 300);

/** A slice whose first bit says that it begins a picture. */
function nal(header: number, length: number, first = 0x88): Buffer {
  const bytes = Buffer.alloc(length, 0x5a);
  bytes[0] = header;
  bytes[1] = first;
  return bytes;
}

function depacketizer(parameterSets: Buffer[] = []) {
  const units: AccessUnit[] = [];
  const target = new H264Depacketizer({ track: 1, parameterSets, emit: (unit) => units.push(unit) });
  const header = new RtpHeader();
  let sequence = 0;
  const push = (payload: Buffer, timestamp: number, marker = false) => {
    const packet = writeRtp({ payloadType: 96, sequence: (sequence += 1), timestamp, ssrc: 1, marker }, payload);
    expect(header.read(packet, 0, packet.length)).toBe(true);
    target.push(packet, header, timestamp * 10);
  };
  const pushPicture = (nals: Buffer[], timestamp: number, marker = true) => {
    const payloads = packetizeH264(nals);
    for (const [index, payload] of payloads.entries())
      push(payload, timestamp, marker && index === payloads.length - 1);
  };
  return { units, target, push, pushPicture };
}

function bytesOf(unit: AccessUnit | undefined): Buffer {
  if (unit?.payload.form !== 'pieces') throw new Error('no pieces');
  const joined = Buffer.concat(unit.payload.pieces);
  expect(joined.length).toBe(unit.payload.size);
  return joined;
}

function setsOf(unit: AccessUnit | undefined): Buffer[] {
  return unit?.payload.form === 'pieces' ? unit.payload.parameterSets : [];
}

function prefixed(...nals: Buffer[]): Buffer {
  return Buffer.concat(
    nals.flatMap((one) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(one.length, 0);
      return [length, one];
    }),
  );
}

describe('H.264 depacketizer', () => {
  test('gives a picture back as the bytes that went in, parameter sets beside it', () => {
    const { units, pushPicture } = depacketizer();
    pushPicture([sps, pps, idr], 100);
    pushPicture([slice], 200);
    expect(units.map(({ key, pts, dts, lostBefore }) => ({ key, pts, dts, lostBefore }))).toEqual([
      { key: true, pts: 100, dts: null, lostBefore: false },
      { key: false, pts: 200, dts: null, lostBefore: false },
    ]);
    expect(bytesOf(units[0]).equals(prefixed(idr))).toBe(true);
    expect(bytesOf(units[1]).equals(prefixed(slice))).toBe(true);
    expect(setsOf(units[0])).toEqual([sps, pps]);
    expect(setsOf(units[1])).toEqual([]);
    expect(units[0]?.arrivalUs).toBe(1000);
  });

  test('closes a picture without a marker when the next time stamp comes', () => {
    const { units, pushPicture } = depacketizer();
    pushPicture([idr], 100, false);
    expect(units).toHaveLength(0);
    pushPicture([slice], 200, false);
    expect(units.map(({ pts }) => pts)).toEqual([100]);
  });

  test('keeps slices of one picture together and leaves delimiters and filler out', () => {
    const { units, pushPicture } = depacketizer();
    const second = nal(0x65, 40, 0x40);
    const sei = Buffer.from('0605ff', 'hex');
    pushPicture([Buffer.from('0910', 'hex'), sei, idr, second, nal(0x0c, 30)], 100);
    expect(bytesOf(units[0]).equals(prefixed(sei, idr, second))).toBe(true);
  });

  test('joins parameter sets that come as packets with markers of their own to the picture after them', () => {
    const { units, push, pushPicture } = depacketizer();
    push(sps, 100, true);
    push(pps, 100, true);
    pushPicture([idr], 100);
    expect(units).toHaveLength(1);
    expect(setsOf(units[0])).toEqual([sps, pps]);
  });

  test('gives the parameter sets of the description only to key frames and only while none came in band', () => {
    const { units, pushPicture } = depacketizer([sps, pps]);
    const other = Buffer.from('67420001', 'hex');
    pushPicture([slice], 50);
    pushPicture([idr], 100);
    pushPicture([other, idr], 200);
    pushPicture([idr], 300);
    expect(units.map((unit) => setsOf(unit))).toEqual([[], [sps, pps], [other], []]);
  });

  test('drops a picture with a hole and says so at the next one', () => {
    const { units, push, pushPicture, target } = depacketizer();
    const [first, second, third, last] = packetizeH264([idr]);
    if (!first || !second || !third || !last) throw new Error('expected four packets');
    push(first, 100);
    target.lose();
    push(third, 100);
    push(last, 100, true);
    pushPicture([slice], 200);
    pushPicture([slice], 300);
    expect(units.map(({ pts, lostBefore }) => [pts, lostBefore])).toEqual([
      [200, true],
      [300, false],
    ]);
  });

  test('drops a picture whose beginning may be lost, keeps one that shows its first slice', () => {
    const { units, push, pushPicture, target } = depacketizer();
    pushPicture([slice], 100);
    target.lose();
    push(nal(0x41, 200, 0x40), 200, true);
    target.lose();
    pushPicture([slice], 300);
    expect(units.map(({ pts, lostBefore }) => [pts, lostBefore])).toEqual([
      [100, false],
      [300, true],
    ]);
  });

  test('drops the open picture when its end is lost and the next one begins', () => {
    const { units, push, pushPicture, target } = depacketizer();
    push(slice, 100);
    target.lose();
    pushPicture([slice], 200);
    expect(units.map(({ pts, lostBefore }) => [pts, lostBefore])).toEqual([[200, true]]);
  });

  test('stops trusting markers of a camera that sets them on each slice', () => {
    const { units, push } = depacketizer();
    const rest = nal(0x41, 100, 0x40);
    for (const timestamp of [100, 200, 300, 400]) {
      push(slice, timestamp, true);
      push(rest, timestamp, true);
    }
    expect(units.map(({ pts }) => pts)).toEqual([100, 200, 300]);
    expect(bytesOf(units[1]).equals(prefixed(slice, rest))).toBe(true);
    expect(bytesOf(units[2]).equals(prefixed(slice, rest))).toBe(true);
  });

  test.each([
    ['an aggregate whose size reaches past its end', Buffer.from('78ffff6742', 'hex')],
    ['a cut aggregate', Buffer.from('7800', 'hex')],
    ['a fragment without content', Buffer.from('7c85', 'hex')],
    ['an interleaved aggregate', Buffer.from('7900000000', 'hex')],
  ])('drops the picture with %s and goes on', (_name, payload) => {
    const { units, push, pushPicture } = depacketizer();
    push(payload, 100, true);
    pushPicture([slice], 200);
    expect(units.map(({ pts, lostBefore }) => [pts, lostBefore])).toEqual([[200, true]]);
  });
});
