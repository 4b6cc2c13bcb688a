import { expect, it } from 'vitest';

import { guessKind } from './guess-kind.ts';

it.each([
  ['rtsp://192.0.2.1/live', 'rtsp'],
  ['RTSPS://host/1', 'rtsp'],
  [' srt://host:9000?streamid=a', 'srt'],
  ['udp://239.1.1.1:5000', 'mpegts'],
  ['https://host/live/index.m3u8?token=a.jpg', 'hls'],
  ['http://host/stream.ts', 'mpegts'],
  ['http://host/axis-cgi/mjpg/video.cgi', 'mjpeg'],
  ['https://host/cam/latest.JPG?x=1', 'snapshot'],
  ['https://host/cgi-bin/snapshot.cgi', 'snapshot'],
  ['/srv/video/gate.mp4', 'file'],
  ['', 'rtsp'],
])('takes %s for %s', (address, kind) => {
  expect(guessKind(address)).toBe(kind);
});
