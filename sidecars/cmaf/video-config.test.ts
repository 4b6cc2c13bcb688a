import { expect, it, test } from 'vitest';

import { findBox } from './find-box.ts';
import { writeInitSegment, type VideoInit } from './init-segment.ts';
import { videoConfigOf } from './video-config.ts';

const config = Buffer.from('0142c01effe100046742c01e01000268ce', 'hex');
const video = { kind: 'video', id: 1, timescale: 90_000, width: 640, height: 360, config } as const;
const sound = writeInitSegment({
  kind: 'audio',
  id: 2,
  timescale: 48_000,
  sampleEntry: 'mp4a',
  config: Buffer.from('1190', 'hex'),
  channels: 2,
  sampleRate: 48_000,
});

test.each<VideoInit['sampleEntry']>(['avc1', 'hvc1', 'hev1', 'av01'])(
  'the init of %s gives back what it was written with',
  (sampleEntry) => {
    expect(videoConfigOf(writeInitSegment({ ...video, sampleEntry }))).toEqual({ sampleEntry, config });
  },
);

it('is found behind the tracks of sound', () => {
  const init = writeInitSegment({ ...video, sampleEntry: 'avc1' });

  const both = Buffer.concat([box(sound, 'trak') ?? sound, box(init, 'trak') ?? init]);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + both.length);
  head.write('moov', 4, 'latin1');
  expect(videoConfigOf(Buffer.concat([head, both])).sampleEntry).toBe('avc1');
});

it('is refused where there is none, or only a part of it, and never read beyond its end', () => {
  const init = writeInitSegment({ ...video, sampleEntry: 'avc1' });
  expect(() => videoConfigOf(sound)).toThrow('no video track');
  expect(() => videoConfigOf(Buffer.from('no init at all'))).toThrow(RangeError);
  for (let length = 0; length < init.length; length += 1)
    expect(() => videoConfigOf(init.subarray(0, length))).toThrow(RangeError);
});

/** A box of the moov, with its header. */
function box(bytes: Buffer, type: string): Buffer | null {
  const moov = findBox(bytes, 'moov', { body: 0, end: bytes.length });
  const found = moov && findBox(bytes, type, moov);
  return found && bytes.subarray(found.body - 8, found.end);
}
