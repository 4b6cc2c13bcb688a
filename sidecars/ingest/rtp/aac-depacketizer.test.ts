import { expect, test } from 'vitest';

import { packetizeAac, writeRtp } from '#server/testing/fake-rtp.ts';

import type { AccessUnit } from '../source.ts';
import { AacDepacketizer } from './aac-depacketizer.ts';
import { RtpHeader } from './rtp-header.ts';

const highRate = { sizeLength: 13, indexLength: 3, indexDeltaLength: 3, ticksPerUnit: 1024 };

function depacketizer(packing = highRate) {
  const units: AccessUnit[] = [];
  const target = new AacDepacketizer({ track: 2, packing, emit: (unit) => units.push(unit) });
  const header = new RtpHeader();
  const push = (payload: Buffer, timestamp: number) => {
    const packet = writeRtp({ payloadType: 97, sequence: 1, timestamp, ssrc: 1, marker: true }, payload);
    header.read(packet, 0, packet.length);
    target.push(packet, header, 5);
  };
  const data = () => units.map(({ payload }) => (payload.form === 'sample' ? payload.data : null));
  return { units, target, push, data };
}

const a = Buffer.alloc(100, 1);
const b = Buffer.alloc(50, 2);

test('gives each access unit of a packet its own time, across the wrap of 32 bits', () => {
  const { units, push, data } = depacketizer();
  push(packetizeAac([a, b, a]), 2 ** 32 - 1024);
  expect(data()).toEqual([a, b, a]);
  expect(units.map(({ pts, dts, key, lostBefore }) => [pts, dts, key, lostBefore])).toEqual([
    [2 ** 32 - 1024, 2 ** 32 - 1024, true, false],
    [0, 0, true, false],
    [1024, 1024, true, false],
  ]);
});

test('reads the six-bit sizes of AAC-lbr', () => {
  const { push, data } = depacketizer({ sizeLength: 6, indexLength: 2, indexDeltaLength: 2, ticksPerUnit: 1024 });
  const small = Buffer.alloc(40, 7);
  push(Buffer.concat([Buffer.from([0, 8, 40 << 2]), small]), 0);
  expect(data()).toEqual([small]);
});

test('joins an access unit that is spread over packets', () => {
  const { push, data, units } = depacketizer();
  const whole = Buffer.alloc(3000, 9);
  const head = Buffer.from([0, 16, (3000 << 3) >> 8, (3000 << 3) & 0xff]);
  push(Buffer.concat([head, whole.subarray(0, 1400)]), 7);
  push(Buffer.concat([head, whole.subarray(1400, 2800)]), 7);
  expect(units).toHaveLength(0);
  push(Buffer.concat([head, whole.subarray(2800)]), 7);
  expect(data()).toEqual([whole]);
});

test('drops an access unit with a missing piece and says so at the next one', () => {
  const { push, units, target } = depacketizer();
  const head = Buffer.from([0, 16, (3000 << 3) >> 8, (3000 << 3) & 0xff]);
  push(Buffer.concat([head, Buffer.alloc(1400)]), 7);
  target.lose();
  push(packetizeAac([a]), 1031);
  expect(units.map(({ pts, lostBefore }) => [pts, lostBefore])).toEqual([[1031, true]]);
});

test.each([
  ['sizes past the end', Buffer.from([0, 32, 0x20, 0, 0x20, 0, 1, 2, 3])],
  ['headers past the end', Buffer.from([0xff, 0xff, 1, 2])],
  ['no header', Buffer.from([0, 0, 1, 2, 3])],
  ['one byte', Buffer.from([0])],
])('gives nothing out of a packet with %s', (_name, payload) => {
  const { push, units } = depacketizer();
  push(payload, 0);
  push(packetizeAac([a]), 1024);
  expect(units.map(({ pts, lostBefore }) => [pts, lostBefore])).toEqual([[1024, true]]);
});

test('takes off an ADTS header that a camera left in', () => {
  const { push, data } = depacketizer();
  const adts = Buffer.concat([Buffer.from([0xff, 0xf1, 0x4c, 0x40, (107 >> 3) & 0xff, (107 & 7) << 5, 0xfc]), a]);
  push(packetizeAac([adts]), 0);
  expect(data()).toEqual([a]);
});
