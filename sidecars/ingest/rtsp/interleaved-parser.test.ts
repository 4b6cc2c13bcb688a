import { describe, expect, test } from 'vitest';

import { interleave, writeRtp, writeSenderReport } from '#server/testing/fake-rtp.ts';

import { InterleavedParser } from './interleaved-parser.ts';

function rtp(sequence: number, length = 60): Buffer {
  return writeRtp({ payloadType: 96, sequence, timestamp: 1, ssrc: 1, marker: false }, Buffer.alloc(length, sequence));
}

function parser() {
  const seen: string[] = [];
  const target = new InterleavedParser({
    onPacket: (channel, buffer, start, end) => {
      const what = channel % 2 === 0 ? `rtp ${buffer.readUInt16BE(start + 2)}` : 'rtcp';
      const last = buffer[end - 1] ?? 0;
      seen.push(`${channel} ${what} ${end - start} ${channel % 2 === 0 ? last : ''}`.trim());
    },
    onMessage: ({ status, title, headers, body }) => {
      seen.push(`${status ?? 'request'} ${title} ${headers.get('cseq')?.[0]} ${body.length}`);
    },
  });
  for (const channel of [0, 1, 2, 3]) target.allowChannel(channel);
  return { target, seen };
}

const stream = Buffer.concat([
  Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 4\r\nContent-Length: 5\r\n\r\n$\0\0\x01x', 'latin1'),
  interleave(0, rtp(1)),
  interleave(1, writeSenderReport({ ssrc: 1, utcMs: 0, timestamp: 1 })),
  Buffer.from('\r\nRTSP/1.0 200 OK\ncseq: 5\n\n', 'latin1'),
  interleave(2, rtp(2, 500)),
  Buffer.from('GET_PARAMETER rtsp://x/ RTSP/1.0\r\nCSeq: 9\r\n\r\n', 'latin1'),
  interleave(0, Buffer.alloc(0)),
  interleave(0, rtp(3)),
]);
const expected = [
  '200 OK 4 5',
  '0 rtp 1 72 1',
  '1 rtcp 28',
  '200 OK 5 0',
  '2 rtp 2 512 2',
  'request GET_PARAMETER 9 0',
  '0 rtp 3 72 3',
];

describe('interleaved parser', () => {
  test('reads messages and packets that come in one read', () => {
    const { target, seen } = parser();
    target.push(stream);
    expect(seen).toEqual(expected);
  });

  test('reads the same whichever byte a read ends at', () => {
    for (let cut = 1; cut < stream.length; cut += 1) {
      const { target, seen } = parser();
      target.push(stream.subarray(0, cut));
      target.push(stream.subarray(cut));
      expect(seen, `cut at ${cut}`).toEqual(expected);
    }
  });

  test.each([1, 2, 3, 5, 7, 64])('reads the same in reads of %i bytes', (size) => {
    const { target, seen } = parser();
    for (let at = 0; at < stream.length; at += size) target.push(stream.subarray(at, at + size));
    expect(seen).toEqual(expected);
  });

  test('gives packets as views of the read, without a copy', () => {
    const views: Buffer[] = [];
    const target = new InterleavedParser({
      onPacket: (_channel, buffer) => views.push(buffer),
      onMessage: () => undefined,
    });
    target.allowChannel(0);
    const read = Buffer.concat([interleave(0, rtp(1)), interleave(0, rtp(2))]);
    target.push(read);
    expect(views.every((view) => view === read)).toBe(true);
    expect(views).toHaveLength(2);
  });

  test.each([
    ['zeros', Buffer.alloc(777)],
    ['dollar signs', Buffer.alloc(300, 0x24)],
    ['packets of a channel nobody set up', interleave(9, rtp(9))],
    ['a long length', Buffer.from([0x24, 0, 0xff, 0xff, 0, 0])],
    ['text', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['half a packet', interleave(0, rtp(8)).subarray(30)],
  ])('finds the stream again after %s', (_name, noise) => {
    for (const size of [1, 11, 1e6]) {
      const { target, seen } = parser();
      const bytes = Buffer.concat([interleave(0, rtp(1)), noise, interleave(0, rtp(2)), interleave(0, rtp(3))]);
      for (let at = 0; at < bytes.length; at += size) target.push(bytes.subarray(at, at + size));
      expect(seen.at(0)).toBe('0 rtp 1 72 1');
      expect(seen.slice(-2)).toEqual(['0 rtp 2 72 2', '0 rtp 3 72 3']);
    }
  });

  test('gives up on a stream of noise', () => {
    const { target } = parser();
    const push = () => {
      for (let read = 0; read < 100; read += 1) target.push(Buffer.alloc(64 * 1024, 0x55));
    };
    expect(push).toThrow(expect.objectContaining({ code: 'DATA_INVALID', retry: true }));
  });

  test('gives up on a message without end', () => {
    const { target } = parser();
    target.push(Buffer.from('RTSP/1.0 200 OK\r\n'));
    const push = () => {
      for (let read = 0; read < 100; read += 1) target.push(Buffer.alloc(32 * 1024, 0x41));
    };
    expect(push).toThrow(expect.objectContaining({ code: 'DATA_INVALID' }));
  });
});
