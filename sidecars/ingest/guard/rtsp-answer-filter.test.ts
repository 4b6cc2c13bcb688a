import { expect, test } from 'vitest';

import { RtspAnswerFilter } from './rtsp-relay.ts';

const answer = (head: string, body = '') => Buffer.from(`${head}\r\n\r\n${body}`, 'latin1');
const frame = Buffer.from([0x24, 0, 0, 4, 1, 2, 3, 4]);

test('passes answers, bodies and interleaved frames unchanged, however they are cut', () => {
  const sent = Buffer.concat([
    answer('RTSP/1.0 200 OK\r\nContent-Length: 5', 'v=0\r\n'),
    frame,
    answer('RTSP/1.0 401 Unauthorized'),
    frame,
  ]);
  for (const size of [1, 3, 7, 1000]) {
    const filter = new RtspAnswerFilter('203.0.113.9');
    const passed: Buffer[] = [];
    for (let at = 0; at < sent.length; at += size)
      passed.push(filter.push(sent.subarray(at, at + size)) ?? Buffer.from('cut'));
    expect(Buffer.concat(passed).toString('hex')).toBe(sent.toString('hex'));
  }
});

test.each([
  'RTSP/1.0 302 Found\r\nLocation: rtsp://10.0.0.1/',
  'REDIRECT rtsp://10.0.0.1/ RTSP/1.0',
  'HTTP/1.1 200 OK',
])('ends the connection at %j', (head) => {
  const filter = new RtspAnswerFilter('203.0.113.9');
  const sent = answer(head);
  expect(filter.push(sent.subarray(0, 6))?.length).toBe(0);
  expect(filter.push(sent.subarray(6))).toBeNull();
});

test('a transport answer can name no other source than the checked one', () => {
  const filter = new RtspAnswerFilter('203.0.113.9');
  const passed = filter.push(
    answer('RTSP/1.0 200 OK\r\nTransport: RTP/AVP;unicast;source=10.0.0.1;server_port=6000-6001;destination=10.0.0.2'),
  );
  expect(passed?.toString()).toContain('Transport: RTP/AVP;unicast;server_port=6000-6001;source=203.0.113.9');
  expect(passed?.toString()).not.toContain('10.0.0');
});

test.each([
  ['a redirect after a bare line feed', 'RTSP/1.0 200 OK\r\nCSeq: 1\n\nRTSP/1.0 302 Found\nLocation: rtsp://10.0.0.1/'],
  ['a header name cut by a carriage return', 'RTSP/1.0 200 OK\r\nT\rransport: RTP/AVP;source=10.0.0.1'],
  ['a NUL in a line', 'RTSP/1.0 200 OK\r\nTransport: RTP/AVP\0;source=10.0.0.1'],
  ['a folded Content-Length', 'RTSP/1.0 200 OK\r\nContent-Length:\r\n 80'],
  ['two Content-Lengths', 'RTSP/1.0 200 OK\r\nContent-Length: 80\r\nContent-Length: 0'],
  ['a Content-Length that is no number', 'RTSP/1.0 200 OK\r\nContent-Length: 80x'],
  ['a Content-Length behind where libav cuts a line', `RTSP/1.0 200 OK\r\nContent-Length:${' '.repeat(4100)}80`],
  ['a packet sign where a line starts', 'RTSP/1.0 200 OK\r\n$\0\0\x02X: y'],
])('refuses %s, which libav reads otherwise', (_what, head) => {
  expect(new RtspAnswerFilter('203.0.113.9').push(answer(head))).toBeNull();
});
