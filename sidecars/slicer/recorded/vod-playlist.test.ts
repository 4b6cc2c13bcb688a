import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { SegmentMeta } from '../disk/segment.ts';
import { checkPlaylist } from '../playlist-rules.ts';
import { joinSegments, parseJoinedName } from './joined-segment.ts';
import { vodPlaylist, windowSegments } from './vod-playlist.ts';

const noon = Date.UTC(2026, 0, 5, 12);

function aSegment(overrides: Partial<SegmentMeta> & { mediaSequence: number }): SegmentMeta {
  const startMs = noon + overrides.mediaSequence * 2000;
  const track = { tfdt: 0, duration: 0, bytes: 500, sha256: '' };
  return {
    run: 1,
    startMs,
    durationMs: 2000,
    bytes: 1000,
    bandwidth: 4000,
    discontinuity: false,
    synthetic: false,
    independent: true,
    recovered: false,
    tracks: [
      { ...track, track: 1 },
      { ...track, track: 2 },
    ],
    ...overrides,
  };
}

function someSegments(from: number, to: number, overrides: Partial<SegmentMeta> = {}): SegmentMeta[] {
  return Array.from({ length: to - from }, (_, at) => aSegment({ ...overrides, mediaSequence: from + at }));
}

const all = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

describe('a recorded playlist', () => {
  test('joins GOPs to segments of six to ten seconds and ends', () => {
    expect(vodPlaylist(someSegments(10, 17))).toBe(`#EXTM3U
#EXT-X-VERSION:10
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="i/1.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-05T12:00:20.000Z
#EXTINF:6,
s/10-12.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-05T12:00:26.000Z
#EXTINF:6,
s/13-15.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-05T12:00:32.000Z
#EXTINF:2,
s/16.m4s
#EXT-X-ENDLIST
`);
  });

  test('marks a hole with a discontinuity and the time behind it, without a second map', () => {
    const text = vodPlaylist([...someSegments(0, 2), ...someSegments(5, 7)]) ?? '';
    expect(text.split('\n').slice(6, -2)).toEqual([
      '#EXT-X-MAP:URI="i/1.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-01-05T12:00:00.000Z',
      '#EXTINF:4,',
      's/0-1.m4s',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-PROGRAM-DATE-TIME:2026-01-05T12:00:10.000Z',
      '#EXTINF:4,',
      's/5-6.m4s',
    ]);
  });

  test('begins each run with a discontinuity and its own map', () => {
    const text = vodPlaylist([...someSegments(0, 2), ...someSegments(2, 4, { run: 2 })]) ?? '';
    expect(text.split('\n').slice(10, 13)).toEqual([
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-MAP:URI="i/2.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-01-05T12:00:04.000Z',
    ]);
  });

  test('leaves slate out and says that something is missing there', () => {
    const segments = [
      ...someSegments(0, 2),
      ...someSegments(2, 4, { run: 2, synthetic: true }),
      ...someSegments(4, 6, { run: 3 }),
    ];
    const text = vodPlaylist(windowSegments(segments, all, [1, 2])) ?? '';
    expect(text).not.toContain('i/2.mp4');
    expect(text.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
  });

  test('does not promise independent segments where a GOP was cut', () => {
    const segments = [
      aSegment({ mediaSequence: 0, durationMs: 6000 }),
      aSegment({ mediaSequence: 1, durationMs: 6000, independent: false }),
    ];
    expect(vodPlaylist(segments)).not.toContain('INDEPENDENT');
  });

  test('is none where nothing of the rendition was recorded', () => {
    const videoOnly = someSegments(0, 3).map((segment) =>
      Object.assign(segment, { tracks: segment.tracks.slice(0, 1) }),
    );
    expect(vodPlaylist(windowSegments(videoOnly, all, [2]))).toBeNull();
    expect(vodPlaylist(windowSegments(videoOnly, all, [1]))).not.toBeNull();
  });
});

describe('a window', () => {
  const at = (seconds: number) => noon + seconds * 1000;
  const sequences = (segments: SegmentMeta[]) => segments.map((segment) => segment.mediaSequence);

  test('is snapped outward to the segments it touches', () => {
    const window = { fromMs: at(5), toMs: at(9) };
    expect(sequences(windowSegments(someSegments(0, 10), window, [1]))).toEqual([2, 3, 4]);
  });

  test('reaches back to the key frame that its first picture needs', () => {
    const segments = someSegments(0, 10).map((segment) =>
      Object.assign(segment, { independent: segment.mediaSequence % 3 === 0 }),
    );
    expect(sequences(windowSegments(segments, { fromMs: at(10.5), toMs: at(12) }, [1]))).toEqual([3, 4, 5]);
  });

  test('begins with the next key frame where the one before is of another run', () => {
    const segments = [
      ...someSegments(0, 2),
      aSegment({ mediaSequence: 2, run: 2, independent: false }),
      aSegment({ mediaSequence: 3, run: 2 }),
    ];
    expect(sequences(windowSegments(segments, { fromMs: at(4), toMs: at(9) }, [1]))).toEqual([3]);
  });
});

test('rules of RFC 8216bis hold for any recording', () => {
  const piece = fc.record({
    durationMs: fc.double({ min: 40, max: 6000, noNaN: true }),
    gap: fc.constantFrom(0, 0, 0, 0, 3),
    newRun: fc.constantFrom(false, false, false, true),
    independent: fc.constantFrom(true, true, true, false),
  });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 80 }), (pieces) => {
      let mediaSequence = 0;
      let run = 1;
      let startMs = noon;
      const segments = pieces.map(({ durationMs, gap, newRun, independent }) => {
        mediaSequence += 1 + gap;
        startMs += gap * 1000;
        if (newRun) run += 1;
        const segment = aSegment({ mediaSequence, run, startMs, durationMs, independent });
        startMs += durationMs;
        return segment;
      });
      const text = vodPlaylist(segments) ?? '';
      expect(checkPlaylist(text)).toEqual([]);
      const lines = text.trimEnd().split('\n');
      const target = Number(lines.find((line) => line.startsWith('#EXT-X-TARGETDURATION'))?.split(':')[1]);
      const durations = lines.filter((line) => line.startsWith('#EXTINF')).map((line) => Number(line.slice(8, -1)));
      // §4.4.3.1: rounded to the nearest integer, no segment is longer than the target.
      expect(Math.max(...durations.map(Math.round))).toBeLessThanOrEqual(target);
      expect(target).toBeLessThanOrEqual(10);
      expect(durations.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(
        segments.reduce((sum, one) => sum + one.durationMs / 1000, 0),
        2,
      );
      const joined = joinSegments(segments);
      const covered = joined.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      expect(covered).toEqual(segments.map((segment) => segment.mediaSequence));
      // §4.4.4.3: a change of file format, of tracks or of timestamps needs the tag; every run has its own map.
      const runs = new Set(segments.map((segment) => segment.run)).size;
      expect(lines.filter((line) => line.startsWith('#EXT-X-MAP'))).toHaveLength(runs);
      const breaks = segments.filter(
        (one, at) =>
          at > 0 &&
          (one.run !== segments[at - 1]?.run || one.mediaSequence !== (segments[at - 1]?.mediaSequence ?? 0) + 1),
      );
      expect(lines.filter((line) => line === '#EXT-X-DISCONTINUITY')).toHaveLength(breaks.length);
      expect(lines.at(-1)).toBe('#EXT-X-ENDLIST');
    }),
    { numRuns: 200 },
  );
});

test('the name of a joined segment bounds what a request can ask for', () => {
  expect(parseJoinedName('10-12.m4s')).toEqual({ first: 10, last: 12 });
  expect(['12-10.m4s', '1-1.m4s', '0-999999.m4s', '10-12.mp4', '-1-2.m4s', 'a-b.m4s'].map(parseJoinedName)).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});
