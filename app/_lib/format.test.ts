import { describe, expect, it } from 'vitest';

import { formatBitrate, formatBytes, formatCodecs, formatDuration, formatZone, unknown } from './format.ts';

describe('measured values', () => {
  it('show tenths of seconds where they matter and coarser units further away', () => {
    const spans = [0, 1080, 42_000, 600_000, 10_800_000, 2_592_000_000];
    const shown = spans.map((ms) => formatDuration(ms, 'en'));
    expect(shown).toEqual(['0.0 s', '1.1 s', '42 s', '10 min', '3 h', '30 d']);
    const inJapanese = spans.map((ms) => formatDuration(ms, 'ja'));
    expect(inJapanese).toEqual(['0.0秒', '1.1秒', '42秒', '10分', '3時間', '30日']);
  });

  it('say that they are not known instead of 0', () => {
    expect([formatDuration(null, 'en'), formatBitrate(null), formatBytes(undefined)]).toEqual([
      unknown,
      unknown,
      unknown,
    ]);
  });

  it('carry their unit', () => {
    expect(formatBitrate(1_240_000)).toBe('1.24 Mb/s');
    expect(formatBitrate(380_000)).toBe('380 kb/s');
    expect(formatBytes(12 * 1024 ** 3)).toBe('12.0 GiB');
  });

  it('name codecs in the words of the trade', () => {
    expect(formatCodecs('avc1.64001f,mp4a.40.2')).toBe('H.264 High + AAC');
    expect(formatCodecs('weird.1')).toBe('weird.1');
  });

  it('name the zone of a place', () => {
    expect(formatZone({ ms: 0, timeZone: 'Asia/Tokyo', locale: 'en' })).toBe('GMT+9');
  });
});
