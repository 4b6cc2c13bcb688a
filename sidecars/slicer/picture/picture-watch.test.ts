import pino from 'pino';
import { describe, expect, test } from 'vitest';

import { encodeRecord, recordFlag, recordType, type RecordHeader } from '#server/contracts/log-record.ts';

import { sampleRun } from '../disk/sample-log.ts';
import { firstChunk } from './first-chunk.ts';
import type { Picture, PicturePool, PictureRequest } from './picture-pool.ts';
import { PictureWatch } from './picture-watch.ts';

const log = pino({ level: 'silent' });
const grid = Buffer.alloc(576, 90);
const aPicture: Picture = { jpeg: Buffer.from('jpeg'), width: 640, height: 360, luma: 90, grid };

/** A watch on a clock of its own; the pool answers at once unless told. */
function aWatch(answer: (request: PictureRequest) => Promise<Picture> = async () => aPicture) {
  const clock = { now: 1_000_000 };
  const asked: number[] = [];
  const pool: PicturePool = {
    picture: (request) => {
      asked.push(clock.now);
      return answer(request);
    },
    close: async () => {},
    counters: { decoded: 0, failed: 0, dropped: 0, restarts: 0 },
  };
  const watch = new PictureWatch({ streamId: 'a', pool, log, now: () => clock.now });
  watch.run(sampleRun());
  return { watch, clock, asked };
}

/** A GOP a second: a key frame, then the loop turns so that the answer arrives. */
async function play(
  { watch, clock }: ReturnType<typeof aWatch>,
  seconds: number,
  options: { flags?: number; track?: number } = {},
) {
  for (let second = 0; second < seconds; second += 1) {
    const header: RecordHeader = {
      type: recordType.chunk,
      flags: recordFlag.key | (options.flags ?? 0),
      track: options.track ?? 1,
      seq: 1,
      tfdt: 0,
      duration: 90_000,
      captureUs: clock.now * 1000,
      clock: 'arrival',
    };
    watch.record(encodeRecord(header, Buffer.from(`key ${clock.now}`)), header);
    await new Promise((resolve) => void setImmediate(resolve));
    clock.now += 1000;
  }
}

describe('the watch on a stream', () => {
  test('takes a picture of the first key frame, then one in ten seconds', async () => {
    const watched = aWatch();
    await play(watched, 31);
    expect(watched.asked.map((at) => (at - 1_000_000) / 1000)).toEqual([0, 10, 20, 30]);
    expect(watched.watch.latest).toMatchObject({ jpeg: Buffer.from('jpeg'), takenAtMs: 1_030_000 });
  });

  test('takes one in two seconds while somebody looks, and rests when they are gone', async () => {
    const watched = aWatch();
    watched.watch.watched();
    await play(watched, 60);
    expect(watched.asked.map((at) => (at - 1_000_000) / 1000)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 24, 34, 44, 54]);
  });

  test('takes none of slate, of sound, or of a stream without video', async () => {
    const watched = aWatch();
    await play(watched, 5, { flags: recordFlag.synthetic });
    await play(watched, 5, { track: 2 });
    const run = sampleRun();
    watched.watch.run({ ...run, tracks: run.tracks.slice(1) });
    await play(watched, 5);
    expect(watched.asked).toEqual([]);
  });

  test('keeps the last picture when one fails, and asks for one at a time', async () => {
    let fails = false;
    const watched = aWatch(async () => {
      if (fails) throw new Error('undecodable');
      return aPicture;
    });
    await play(watched, 1);
    fails = true;
    await play(watched, 30);
    expect(watched.watch.latest?.takenAtMs).toBe(1_000_000);
    const stalled = aWatch(() => new Promise(() => {}));
    await play(stalled, 60);
    expect(stalled.asked).toHaveLength(1);
  });

  test('calls a picture frozen that no key frame changes', async () => {
    const watched = aWatch();
    await play(watched, 60);
    expect(watched.watch.verdict()).toBe('frozen');
  });
});

test('the first chunk of a segment ends with its first mdat', () => {
  const box = (type: string, bytes: number) => {
    const whole = Buffer.alloc(bytes);
    whole.writeUInt32BE(bytes);
    whole.write(type, 4, 'latin1');
    return whole;
  };
  const segment = Buffer.concat([
    box('prft', 32),
    box('moof', 100),
    box('mdat', 50),
    box('moof', 100),
    box('mdat', 40),
  ]);
  expect(firstChunk(segment)).toHaveLength(182);
  expect([Buffer.alloc(0), Buffer.from('garbage garbage'), segment.subarray(0, 150)].map(firstChunk)).toEqual([
    null,
    null,
    null,
  ]);
});
