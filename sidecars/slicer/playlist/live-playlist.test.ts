import { describe, expect, it } from 'vitest';

import type { LiveSegment } from '../live-segment.ts';
import { checkPlaylist } from '../playlist-rules.ts';
import { livePlaylist, type LiveView } from './live-playlist.ts';

function aSegment(mediaSequence: number, over: Partial<LiveSegment> = {}): LiveSegment {
  const parts = Array.from({ length: 10 }, (_, part) => {
    return { part, duration: 0.2, independent: part === 0, chunks: [], data: Buffer.alloc(1), bytes: 1 };
  });
  return {
    mediaSequence,
    run: 3,
    discontinuity: false,
    discontinuitySequence: 3,
    startMs: Date.UTC(2026, 0, 1) + mediaSequence * 2000,
    independent: true,
    listsParts: true,
    synthetic: false,
    parts,
    duration: 2,
    bytes: 10,
    closed: true,
    ...over,
  };
}

function aView(over: Partial<LiveView> = {}): LiveView {
  const open = aSegment(33, { closed: false, duration: 0.4 });
  open.parts.splice(2);
  const segments = [...Array.from({ length: 30 }, (_, index) => aSegment(3 + index)), open];
  return {
    segments,
    targetDuration: 2,
    partTarget: 0.2,
    partsFrom: 0,
    ended: false,
    hint: { mediaSequence: 33, part: 2 },
    ...over,
  };
}

describe('a live playlist', () => {
  it('reads as this text', () => {
    const segments = [
      aSegment(3, { parts: [], listsParts: false }),
      aSegment(4, {
        run: 4,
        discontinuity: true,
        discontinuitySequence: 4,
        closed: false,
        duration: 0.2,
        parts: aSegment(0).parts.slice(0, 1),
      }),
    ];
    const text = livePlaylist(aView({ segments, hint: { mediaSequence: 4, part: 1 } }), false);
    expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:10
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12,PART-HOLD-BACK=0.62,HOLD-BACK=6
#EXT-X-PART-INF:PART-TARGET=0.2
#EXT-X-MEDIA-SEQUENCE:3
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="i/3.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:06.000Z
#EXTINF:2,
s/3.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="i/4.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:08.000Z
#EXT-X-PART:DURATION=0.2,URI="p/4.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p/4.1.m4s"
`);
  });

  it('keeps to the rules, and a delta update makes up the same', () => {
    const full = livePlaylist(aView(), false);
    const delta = livePlaylist(aView(), true);
    expect(checkPlaylist(full)).toEqual([]);
    expect(delta).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=24\n');
    expect(checkPlaylist(delta, full)).toEqual([]);
    expect(delta.length).toBeLessThan(full.length / 1.5);
  });

  it('lists parts of the last three target durations only', () => {
    const text = livePlaylist(aView(), false);
    expect(text).not.toContain('p/29.');
    expect(text).toContain('p/30.9.m4s');
  });

  it('lists no part that an older PART-TARGET cut, and no open segment without parts', () => {
    const text = livePlaylist(aView({ partsFrom: 33 }), false);
    expect(text).not.toContain('p/32.');
    expect(text).toContain('p/33.1.m4s');
    const segments = [...aView().segments.slice(0, -1), aSegment(33, { closed: false, listsParts: false })];
    const partless = livePlaylist(aView({ segments, hint: null }), false);
    expect(partless.trimEnd().endsWith('s/32.m4s')).toBe(true);
    expect(checkPlaylist(partless)).toEqual([]);
  });

  it('counts a discontinuity when its segment has left, not while it stands first', () => {
    const first = aSegment(4, { run: 4, discontinuity: true, discontinuitySequence: 4 });
    const second = aSegment(5, { run: 4, discontinuitySequence: 4 });
    expect(livePlaylist(aView({ segments: [first, second], hint: null }), false)).toContain(
      'DISCONTINUITY-SEQUENCE:3\n',
    );
    expect(livePlaylist(aView({ segments: [second], hint: null }), false)).toContain('DISCONTINUITY-SEQUENCE:4\n');
  });

  it('says no INDEPENDENT-SEGMENTS while a segment begins within a GOP', () => {
    const segments = [aSegment(3), aSegment(4, { independent: false })];
    expect(livePlaylist(aView({ segments, hint: null }), false)).not.toContain('INDEPENDENT-SEGMENTS');
  });

  it('ends with ENDLIST, without parts and hints', () => {
    const closed = aView({ segments: [aSegment(3), aSegment(4)], ended: true });
    const text = livePlaylist(closed, false);
    expect(text.endsWith('#EXT-X-ENDLIST\n')).toBe(true);
    expect(text).not.toMatch(/EXT-X-PART:|PRELOAD/);
    expect(checkPlaylist(text)).toEqual([]);
  });
});
