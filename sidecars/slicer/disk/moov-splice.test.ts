import { expect, test } from 'vitest';

import { spliceInits } from './moov-splice.ts';

function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** An init with what splicing looks at; a version 1 tkhd keeps its id eight bytes later. */
function init(trackId: number, tkhdVersion: 0 | 1): Buffer {
  const tkhd = Buffer.alloc(tkhdVersion === 1 ? 96 : 84, 0);
  tkhd.writeUInt8(tkhdVersion, 0);
  tkhd.writeUInt32BE(trackId, tkhdVersion === 1 ? 20 : 12);
  const mvhd = Buffer.alloc(100, 0);
  mvhd.writeUInt32BE(trackId + 1, 96);
  const trex = Buffer.alloc(24, trackId);
  return Buffer.concat([
    box('ftyp', Buffer.from('iso6')),
    box('moov', box('mvhd', mvhd), box('trak', box('tkhd', tkhd)), box('mvex', box('trex', trex))),
  ]);
}

test('puts the next track id above every track, whatever version their headers have', () => {
  const spliced = spliceInits([init(1, 0), init(107, 1), init(2, 0)]);
  const mvhd = spliced.indexOf('mvhd');
  expect(spliced.readUInt32BE(mvhd + 4 + 96)).toBe(108);
  expect(spliced.readUInt32BE(0) + spliced.readUInt32BE(spliced.indexOf('moov') - 4)).toBe(spliced.length);
});

test('gives the init of a single track back as it is', () => {
  const single = init(1, 0);
  expect(spliceInits([single])).toBe(single);
});

test.each([
  ['nothing', [] as Buffer[]],
  ['what is no box', [init(1, 0), Buffer.from('garbage')]],
  ['an init without tracks', [init(1, 0), box('moov', box('mvhd', Buffer.alloc(100)))]],
])('refuses %s', (_, inits) => {
  expect(() => spliceInits(inits)).toThrow(RangeError);
});
