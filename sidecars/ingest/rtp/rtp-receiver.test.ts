import { describe, expect, test } from 'vitest';

import { writeBye, writeRtp, writeSenderReport } from '#server/testing/fake-rtp.ts';

import type { SourceEvent } from '../source.ts';
import { ntpToUtcUs } from './rtcp.ts';
import { readRtpFormat } from './rtp-format.ts';
import { RtpReceiver } from './rtp-receiver.ts';

function receiver() {
  const format = readRtpFormat({
    trackId: 2,
    payloadType: 8,
    encoding: 'PCMA',
    clockRate: 8000,
    channels: 1,
    parameters: new Map(),
    fps: null,
  });
  if (!format) throw new Error('no format');
  const events: SourceEvent[] = [];
  const target = new RtpReceiver(format, (event) => events.push(event));
  const push = (sequence: number, { ssrc = 1, payloadType = 8 } = {}) => {
    const fields = { payloadType, sequence, timestamp: sequence * 160, ssrc, marker: false };
    const packet = writeRtp(fields, Buffer.alloc(160));
    return target.push(packet, 0, packet.length, sequence * 20_000);
  };
  const told = () =>
    events.map((event) => {
      if (event.type === 'unit') return event.unit.lostBefore ? 'unit after loss' : 'unit';
      return event.type === 'lost' ? `lost ${event.packets}` : event.type;
    });
  return { target, push, told, events };
}

describe('RTP receiver', () => {
  test('counts what is missing and marks the unit after it', () => {
    const { push, told } = receiver();
    for (const sequence of [10, 11, 14, 15]) push(sequence);
    expect(told()).toEqual(['unit', 'unit', 'lost 2', 'unit after loss', 'unit']);
  });

  test('sees no loss at the wrap of the sequence number', () => {
    const { push, told } = receiver();
    for (const sequence of [65_534, 65_535, 65_536, 65_537]) push(sequence);
    expect(told()).toEqual(['unit', 'unit', 'unit', 'unit']);
  });

  test('drops what comes late or twice', () => {
    const { push, told } = receiver();
    for (const sequence of [10, 11, 11, 9, 12]) push(sequence);
    expect(told()).toEqual(['unit', 'unit', 'unit']);
  });

  test('goes on with a sender that began anew', () => {
    const { push, told } = receiver();
    push(10);
    push(30_000);
    push(30_001);
    push(7, { ssrc: 2 });
    expect(told()).toEqual(['unit', 'lost 1', 'unit after loss', 'unit', 'lost 1', 'unit after loss']);
  });

  test('leaves other payload types and what is no RTP alone', () => {
    const { push, told, target } = receiver();
    expect(push(1, { payloadType: 13 })).toBe(false);
    expect(target.push(Buffer.alloc(40), 0, 40, 0)).toBe(false);
    expect(told()).toEqual([]);
  });

  test('reads payload behind CSRCs, extension and padding', () => {
    const { target, events } = receiver();
    const packet = Buffer.concat([
      Buffer.from([0xb1, 8, 0, 1, 0, 0, 0, 9, 0, 0, 0, 1]), // padding, extension, one CSRC
      Buffer.from([0, 0, 0, 7, 0xbe, 0xde, 0, 1, 1, 2, 3, 4]),
      Buffer.from('sound', 'latin1'),
      Buffer.from([0, 0, 3]),
    ]);
    target.push(Buffer.concat([Buffer.alloc(3), packet]), 3, 3 + packet.length, 0);
    const [event] = events;
    const payload = event?.type === 'unit' && event.unit.payload.form === 'sample' ? event.unit.payload.data : null;
    expect(payload?.toString()).toBe('sound');
  });

  test('tells the clock of a sender report to the microsecond', () => {
    const { push, target, events } = receiver();
    push(1);
    const report = writeSenderReport({ ssrc: 1, utcMs: 1_700_000_000_123.5, timestamp: 4_000_000_000 });
    target.pushRtcp(report, 0, report.length, 77);
    const clock = events.find((event) => event.type === 'clock');
    expect(clock).toMatchObject({ track: 2, ticks: 4_000_000_000, kind: 'sr', arrivalUs: 77 });
    expect(Math.abs((clock?.type === 'clock' ? clock.utcUs : 0) - 1_700_000_000_123_500)).toBeLessThanOrEqual(1);
  });

  test('knows the end from BYE', () => {
    const { push, target } = receiver();
    push(1);
    const [foreign, own] = [writeBye(2), writeBye(1)];
    target.pushRtcp(foreign, 0, foreign.length, 0);
    expect(target.hasEnded).toBe(false);
    target.pushRtcp(own, 0, own.length, 0);
    expect(target.hasEnded).toBe(true);
  });

  test('reports reception as RFC 3550 lays out', () => {
    const { push, target } = receiver();
    expect(target.receiverReport(0)).toBeNull();
    for (const sequence of [65_535, 65_536, 65_539]) push(sequence);
    const sent = writeSenderReport({ ssrc: 1, utcMs: 1_700_000_000_000, timestamp: 0 });
    target.pushRtcp(sent, 0, sent.length, 1_000_000);
    const report = target.receiverReport(1_500_000);
    expect(report?.readUInt16BE(0)).toBe(0x81c9);
    expect(report?.length).toBe(4 * (1 + (report?.readUInt16BE(2) ?? 0)) + 4 * (1 + (report?.readUInt16BE(34) ?? 0)));
    expect(report?.readUInt32BE(8)).toBe(1);
    expect(report?.readUInt8(12)).toBe(Math.floor((256 * 2) / 5));
    expect(report?.readIntBE(13, 3)).toBe(2);
    expect(report?.readUInt32BE(16)).toBe(65_539);
    expect(report?.readUInt32BE(24)).toBe(sent.readUInt32BE(10));
    expect(report?.readUInt32BE(28)).toBe(32_768);
  });

  test('survives any bytes as RTCP', () => {
    const { target, told } = receiver();
    for (let length = 0; length < 64; length += 1) target.pushRtcp(Buffer.alloc(length, 0x81), 0, length, 0);
    expect(told()).toEqual([]);
  });
});

test('NTP time goes on over its wrap in 2036', () => {
  expect(ntpToUtcUs(2_208_988_800, 0)).toBe(0);
  expect(ntpToUtcUs(0, 2 ** 31)).toBe((2 ** 32 - 2_208_988_800) * 1e6 + 500_000);
});
