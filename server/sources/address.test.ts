import { expect, test } from 'vitest';

import type { CameraKind } from '#server/contracts/camera.ts';

import { checkAddress } from './address.ts';

test.each<[CameraKind, string, string, boolean]>([
  ['rtsp', 'rtsp://user:p%40ss@cam.example:8554/live?ch=1', 'rtsp://cam.example:8554/live', true],
  ['rtsp', 'rtsps://cam.example/live', 'rtsps://cam.example/live', false],
  ['hls', 'https://cdn.example/a/index.m3u8?token=abc#x', 'https://cdn.example/a/index.m3u8', false],
  ['mpegts', 'udp://@239.1.1.1:1234', 'udp://239.1.1.1:1234', false],
  ['mpegts', 'tcp://[2001:db8::1]:9000', 'tcp://[2001:db8::1]:9000', false],
  ['srt', 'srt://host:8890?streamid=x&passphrase=secretsecret', 'srt://host:8890', false],
  ['mjpeg', 'http://u@cam.example/mjpg', 'http://cam.example/mjpg', true],
  ['file', 'assets/demo/plaza-720p25.mp4', 'assets/demo/plaza-720p25.mp4', false],
  ['file', '/srv/clips/a.mp4', '/srv/clips/a.mp4', false],
])('%s %s is shown as %s', (kind, address, hint, hasCredentials) => {
  expect(checkAddress(kind, address)).toMatchObject({ hint, hasCredentials });
});

test('a drawn camera has no address', () => {
  expect(checkAddress('synthetic', 'rtsp://x/')).toBeNull();
});

test.each<[CameraKind, string | undefined]>([
  ['rtsp', undefined],
  ['rtsp', ''],
  ['rtsp', 'cam.example/live'],
  ['rtsp', 'http://cam.example/live'],
  ['hls', 'file:///etc/passwd'],
  ['hls', 'javascript:alert(1)'],
  ['mpegts', 'concat:http://a|http://b'],
  ['snapshot', 'ftp://cam.example/x.jpg'],
  ['rtsp', 'rtsp://user:pa/ss@cam.example/live'],
  ['rtsp', 'rtsp://cam.example/live\r\nDESCRIBE'],
  ['file', 'http://cam.example/a.mp4'],
  ['file', '../../etc/passwd'],
  ['file', 'assets/../../x.mp4'],
  ['file', 'a\u0000.mp4'],
])('refuses %s %j without repeating it', (kind, address) => {
  let fault: unknown;
  try {
    checkAddress(kind, address);
  } catch (error) {
    fault = error;
  }
  expect(fault).toMatchObject({ code: 'BAD_REQUEST', details: { field: 'address' } });
  expect(String(fault)).not.toMatch(/pa\/ss|etc\/passwd/);
});
