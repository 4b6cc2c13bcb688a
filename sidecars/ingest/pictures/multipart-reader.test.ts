import fc from 'fast-check';
import { expect, test } from 'vitest';

import { MultipartReader } from './multipart-reader.ts';

const jpeg = (text: string) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(text)]);
const part = (boundary: string, body: Buffer, withLength: boolean) =>
  Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Type: image/jpeg\r\n${withLength ? `Content-Length: ${body.length}\r\n` : ''}\r\n`,
    ),
    body,
    Buffer.from('\r\n'),
  ]);

test.each([true, false])('gives every picture once, however the bytes are cut (Content-Length: %s)', (withLength) => {
  const pictures = ['one', 'two, longer', 'three'].map(jpeg);
  const sent = Buffer.concat([
    ...pictures.map((body) => part('frame', body, withLength)),
    Buffer.from('--frame--\r\n'),
  ]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.constantFrom('frame', '--frame'), (size, boundary) => {
      const reader = new MultipartReader(boundary);
      const read: Buffer[] = [];
      for (let at = 0; at < sent.length; at += size) read.push(...reader.push(sent.subarray(at, at + size)));
      expect(read.map((body) => body.toString('latin1').trimEnd())).toEqual(
        pictures.map((body) => body.toString('latin1')),
      );
    }),
    { numRuns: 60 },
  );
});

test('leaves out parts that are no JPEG', () => {
  const reader = new MultipartReader('b');
  expect(reader.push(Buffer.concat([part('b', Buffer.from('text'), true), part('b', jpeg('x'), true)]))).toHaveLength(
    1,
  );
});

test('refuses a part that says it is larger than any picture', () => {
  const reader = new MultipartReader('b');
  expect(() => reader.push(Buffer.from('--b\r\nContent-Length: 999999999\r\n\r\n'))).toThrow(RangeError);
});
