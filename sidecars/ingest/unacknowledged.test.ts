import { describe, expect, it } from 'vitest';

import { readRecord, recordFlag, recordType } from '#server/contracts/log-record.ts';

import { aChunk, aClock, anEnd, anInit, aRun, aState } from './testing/records.ts';
import { Unacknowledged } from './unacknowledged.ts';

const gop = 10;

/** RUN, INITs, CLOCKs, then `frames` pictures with one of sound after each fifth. */
function fill(buffer: Unacknowledged, frames: number, { from = 0, nowMs = 0, msPerFrame = 0, size = 64 } = {}): void {
  for (let n = from; n < from + frames; n += 1) {
    buffer.push(aChunk({ n, key: n % gop === 0, size }), nowMs + (n - from) * msPerFrame);
    if (n % 5 === 4) buffer.push(aChunk({ track: 2, n: (n - 4) / 5, key: true }), nowMs + (n - from) * msPerFrame);
  }
}

function begin(buffer: Unacknowledged, run = 1): void {
  for (const record of [aRun(run), anInit(1), anInit(2), aClock(1), aClock(2)]) buffer.push(record, 0);
}

function sent(buffer: Unacknowledged): ReturnType<typeof describeRecord>[] {
  const records = [];
  for (let record = buffer.next(); record; record = buffer.next()) records.push(describeRecord(record));
  return records;
}

function describeRecord(record: Buffer): { type: number; track: number; seq: number; n: number; lost: boolean } {
  const { header, payload } = readRecord(record);
  const n = header.type === recordType.chunk ? payload.readUInt32BE() : -1;
  return {
    type: header.type,
    track: header.track,
    seq: header.seq,
    n,
    lost: (header.flags & recordFlag.lostBefore) !== 0,
  };
}

const video = (records: ReturnType<typeof sent>) =>
  records.filter(({ type, track }) => type === recordType.chunk && track === 1);

describe('what the log has not acknowledged', () => {
  it('numbers every record from the one after what the log has, in the order of coming', () => {
    const buffer = new Unacknowledged(41);
    begin(buffer);
    fill(buffer, 3);
    expect(sent(buffer).map(({ seq }) => seq)).toEqual([42, 43, 44, 45, 46, 47, 48, 49]);
  });

  it('writes numbers beyond 32 bits as the header wants them', () => {
    const buffer = new Unacknowledged(2 ** 32 - 2);
    begin(buffer);
    expect(sent(buffer).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4].map((n) => 2 ** 32 - 1 + n));
  });

  it('takes nothing before a RUN, and counts it', () => {
    const buffer = new Unacknowledged(0);
    buffer.push(aChunk({ key: true }), 0);
    buffer.push(aState(), 0);
    expect(buffer.length).toBe(0);
    expect(buffer.droppedRecords).toBe(2);
  });

  it('forgets what is acknowledged and sends the rest once', () => {
    const buffer = new Unacknowledged(0);
    begin(buffer);
    fill(buffer, 4);
    expect(sent(buffer)).toHaveLength(9);
    buffer.acknowledge(7);
    expect(buffer.length).toBe(2);
    expect(sent(buffer)).toEqual([]);
    fill(buffer, 1, { from: 4 });
    expect(video(sent(buffer)).map(({ n }) => n)).toEqual([4]);
    buffer.acknowledge(1000);
    expect([buffer.length, buffer.bytes]).toEqual([0, 0]);
  });

  it('drops whole GOPs, oldest first, beyond its bytes and flags the next chunk of each track', () => {
    const buffer = new Unacknowledged(0, { bytesMax: 25 * 1100 });
    begin(buffer);
    fill(buffer, 60, { size: 1000 });
    expect(buffer.bytes).toBeLessThanOrEqual(25 * 1100);
    const records = sent(buffer);
    expect(records.slice(0, 5).map(({ type }) => type)).toEqual([1, 2, 2, 4, 4]);
    const chunks = records.filter(({ type }) => type === recordType.chunk);
    expect(video(chunks)[0]?.n).toBe(40);
    expect(chunks.filter(({ lost }) => lost).map(({ track, n }) => [track, n])).toEqual([
      [1, 40],
      [2, 8],
    ]);
    expect(buffer.droppedRecords).toBe(40 + 8);
  });

  it('drops what is older than its age', () => {
    const buffer = new Unacknowledged(0, { ageMsMax: 1000 });
    begin(buffer);
    fill(buffer, 60, { msPerFrame: 40 });
    expect(video(sent(buffer))[0]?.n).toBe(40);
  });

  it('waits for a key picture when the only GOP had to go, and keeps END', () => {
    const buffer = new Unacknowledged(0, { ageMsMax: 1000 });
    begin(buffer);
    for (let n = 0; n < 50; n += 1) buffer.push(aChunk({ n, key: n === 0 }), n * 40);
    expect(video(sent(buffer))).toEqual([]);
    buffer.push(aChunk({ n: 50, key: true }), 2000);
    buffer.push(anEnd(), 2000);
    expect(sent(buffer).map(({ type, n, lost }) => [type, n, lost])).toEqual([
      [recordType.chunk, 50, true],
      [recordType.end, -1, false],
    ]);
  });

  it('drops sound alone chunk by chunk', () => {
    const buffer = new Unacknowledged(0, { bytesMax: 2000 });
    buffer.push(aRun(1, ['audio']), 0);
    buffer.push(anInit(2), 0);
    for (let n = 0; n < 50; n += 1) buffer.push(aChunk({ track: 2, n, size: 200 }), 0);
    const chunks = sent(buffer).filter(({ type }) => type === recordType.chunk);
    expect(chunks.at(-1)?.n).toBe(49);
    expect(chunks.map(({ lost }) => lost)).toEqual([true, ...Array.from({ length: chunks.length - 1 }, () => false)]);
  });

  it('does not claim a loss for what was sent on the same line before it was dropped', () => {
    const buffer = new Unacknowledged(0, { ageMsMax: 1000 });
    begin(buffer);
    fill(buffer, 20, { msPerFrame: 40 });
    expect(sent(buffer)).toHaveLength(29);
    fill(buffer, 20, { from: 20, nowMs: 800, msPerFrame: 40 });
    expect(sent(buffer).some(({ lost }) => lost)).toBe(false);
  });

  it('never grows beyond its bound however runs come', () => {
    const buffer = new Unacknowledged(0, { bytesMax: 20_000 });
    for (let run = 1; run <= 500; run += 1) {
      begin(buffer, run);
      fill(buffer, gop, { size: 300 });
    }
    expect(buffer.bytes).toBeLessThanOrEqual(20_000);
    expect(buffer.length).toBeLessThan(100);
    expect(sent(buffer)[0]?.type).toBe(recordType.run);
  });
});

describe('resuming a line', () => {
  it('repeats RUN, INITs and last CLOCKs under their own numbers, then goes on behind what is written', () => {
    const buffer = new Unacknowledged(0);
    begin(buffer);
    fill(buffer, 4);
    buffer.push(aClock(1, 900), 0);
    fill(buffer, 4, { from: 4 });
    sent(buffer);
    buffer.acknowledge(8);
    const preamble = buffer.resume(11).map((record) => describeRecord(record));
    expect(preamble.map(({ type, seq }) => [type, seq])).toEqual([
      [recordType.run, 1],
      [recordType.init, 2],
      [recordType.init, 3],
      [recordType.clock, 5],
      [recordType.clock, 10],
    ]);
    const rest = sent(buffer);
    expect(rest[0]?.seq).toBe(12);
    expect(rest.some(({ lost }) => lost)).toBe(false);
  });

  it('begins with the run that the log stands in, when a later one has begun since', () => {
    const buffer = new Unacknowledged(0);
    begin(buffer, 1);
    fill(buffer, 4);
    begin(buffer, 2);
    fill(buffer, 2);
    const preamble = buffer.resume(7).map((record) => describeRecord(record));
    expect(preamble.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    const rest = sent(buffer);
    expect(rest.map(({ seq }) => seq)).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16]);
  });

  it('needs no preamble when a run begins just behind what is written', () => {
    const buffer = new Unacknowledged(0);
    begin(buffer, 1);
    fill(buffer, 2);
    begin(buffer, 2);
    expect(buffer.resume(7)).toEqual([]);
    expect(sent(buffer)[0]).toMatchObject({ type: recordType.run, seq: 8 });
  });

  it('repeats the preamble although nothing waits', () => {
    const buffer = new Unacknowledged(0);
    begin(buffer);
    fill(buffer, 1);
    expect(buffer.resume(6)).toHaveLength(5);
    fill(buffer, 1, { from: 1 });
    expect(sent(buffer)).toMatchObject([{ seq: 7, lost: false }]);
  });

  it('goes on at a key picture and says so when the log has lost what it had acknowledged', () => {
    const buffer = new Unacknowledged(0);
    begin(buffer);
    fill(buffer, 25);
    sent(buffer);
    buffer.acknowledge(15);
    expect(buffer.resume(0)).toHaveLength(5);
    const chunks = sent(buffer);
    expect(chunks.filter(({ lost }) => lost).map(({ track, n }) => [track, n])).toEqual([
      [1, 10],
      [2, 2],
    ]);
  });
});
