import { describe, expect, test } from 'vitest';

import { SourceError } from '../source.ts';
import { describeBase, followRedirect, readRtspAddress, resolveControl } from './rtsp-address.ts';

describe('RTSP address', () => {
  test('takes credentials out and decodes them', () => {
    expect(readRtspAddress('rtsp://us%40er:p%40ss%3Aw%2Frd@cam.example:8554/a/b?c=d#e')).toEqual({
      isSecure: false,
      host: 'cam.example',
      port: 8554,
      uri: 'rtsp://cam.example:8554/a/b?c=d',
      credentials: { user: 'us@er', password: 'p@ss:w/rd' },
    });
  });

  test.each([
    ['rtsp://cam', 554, 'cam', 'rtsp://cam/'],
    ['rtsps://cam/x', 322, 'cam', 'rtsps://cam/x'],
    ['rtsp://[2001:db8::1]:9/x', 9, '2001:db8::1', 'rtsp://[2001:db8::1]:9/x'],
    ['rtsp://u:100%@cam/x', 554, 'cam', 'rtsp://cam/x'],
  ])('reads %s', (text, port, host, uri) => {
    expect(readRtspAddress(text)).toMatchObject({ port, host, uri });
  });

  test.each(['', 'rtsp:', 'http://cam/', 'rtsp://u:secret@cam:99999/'])('refuses %j and shows no password', (text) => {
    const refused = () => readRtspAddress(text);
    expect(refused).toThrow(SourceError);
    expect(refused).not.toThrow(/secret/);
    expect(refused).toThrow(expect.objectContaining({ code: 'ADDRESS_INVALID', retry: false }));
  });

  test.each([
    ['rtsp://u:p@a/x', 'rtsp://a:9/y', true],
    ['rtsp://u:p@a/x', 'rtsps://a/y', true],
    ['rtsp://u:p@a/x', 'y', true],
    ['rtsp://u:p@a/x', 'rtsp://b/y', false],
    ['rtsps://u:p@a/x', 'rtsp://a/y', false],
  ])('sends from %s to %s: takes the credentials along: %s', (from, to, isTaken) => {
    expect(followRedirect(readRtspAddress(from), to).credentials !== null).toBe(isTaken);
  });

  test.each([
    ['rtsp://a/s/', 'track1', 'rtsp://a/s/track1'],
    ['rtsp://a/s', 'track1', 'rtsp://a/s/track1'],
    ['rtsp://a/s', '/track1', 'rtsp://a/s/track1'],
    ['rtsp://a/s?x=1', 'track1', 'rtsp://a/s?x=1/track1'],
    ['rtsp://a/s', '?track=1', 'rtsp://a/s?track=1'],
    ['rtsp://a/s', 'rtsp://u:p@10.0.0.1/s/track1', 'rtsp://10.0.0.1/s/track1'],
    ['rtsp://a/s', '*', 'rtsp://a/s'],
    ['rtsp://a/s', undefined, 'rtsp://a/s'],
  ])('resolves on %s the control %s', (base, control, expected) => {
    expect(resolveControl(base, control)).toBe(expected);
  });

  test('prefers Content-Base to Content-Location to the address asked for', () => {
    expect(describeBase('rtsp://a/s', 'rtsp://b/s/', 'rtsp://c/')).toBe('rtsp://b/s/');
    expect(describeBase('rtsp://a/s', undefined, 'rtsp://c/')).toBe('rtsp://c/');
    expect(describeBase('rtsp://a/s', '', undefined)).toBe('rtsp://a/s');
  });
});
