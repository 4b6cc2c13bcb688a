import { expect, test } from 'vitest';

import { parseHlsPlaylist } from './hls-playlist.ts';

test('reads variants and the sound that belongs to them', () => {
  const text = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",DEFAULT=YES,URI="a.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,CODECS="avc1.4d401e,mp4a.40.2",AUDIO="a"
low.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080
https://cdn.example/high.m3u8
`;
  expect(parseHlsPlaylist(text)).toEqual({
    type: 'master',
    variants: [
      { uri: 'low.m3u8', bandwidth: 800_000, height: 360, audioGroup: 'a' },
      { uri: 'https://cdn.example/high.m3u8', bandwidth: 5_000_000, height: 1080, audioGroup: null },
    ],
    audio: [{ group: 'a', uri: 'a.m3u8', isDefault: true }],
  });
});

test('numbers segments, counts dates on, and keeps map, key, range and discontinuity', () => {
  const text = `#EXTM3U\r
#EXT-X-TARGETDURATION:4\r
#EXT-X-MEDIA-SEQUENCE:70\r
#EXT-X-MAP:URI="i.mp4"\r
#EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.000Z\r
#EXTINF:4.0,\r
#EXT-X-BYTERANGE:100@50\r
s.mp4\r
#EXTINF:3.5,\r
#EXT-X-BYTERANGE:60\r
s.mp4\r
#EXT-X-DISCONTINUITY\r
#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0x01\r
#EXTINF:4,\r
t.ts\r
#EXT-X-ENDLIST\r
`;
  const playlist = parseHlsPlaylist(text);
  if (playlist?.type !== 'media') throw new Error('no media playlist');
  const start = Date.UTC(2026, 0, 2, 3, 4, 5);
  expect(playlist).toMatchObject({ targetSeconds: 4, ended: true });
  expect(
    playlist.segments.map(({ sequence, seconds, range, discontinuity, dateTimeMs }) => ({
      sequence,
      seconds,
      range,
      discontinuity,
      dateTimeMs,
    })),
  ).toEqual([
    { sequence: 70, seconds: 4, range: { offset: 50, length: 100 }, discontinuity: false, dateTimeMs: start },
    { sequence: 71, seconds: 3.5, range: { offset: 150, length: 60 }, discontinuity: false, dateTimeMs: start + 4000 },
    { sequence: 72, seconds: 4, range: null, discontinuity: true, dateTimeMs: start + 7500 },
  ]);
  expect(playlist.segments[0]).toMatchObject({ key: null, map: { uri: 'i.mp4' } });
  expect(playlist.segments[2]?.key).toMatchObject({ method: 'AES-128', uri: 'k' });
  expect(playlist.segments[2]?.key?.iv?.toString('hex')).toBe('01'.padStart(32, '0'));
});

test.each(['', 'hello', '<html>', '#EXTINF:4,\na.ts'])('%j is no playlist', (text) => {
  expect(parseHlsPlaylist(text)).toBeNull();
});
