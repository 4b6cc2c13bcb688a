import { describe, expect, it } from 'vitest';

import { checkPlaylist } from './playlist-rules.ts';

const base = `#EXTM3U
#EXT-X-VERSION:10
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12,PART-HOLD-BACK=0.62,HOLD-BACK=6
#EXT-X-PART-INF:PART-TARGET=0.2
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:1
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="i/1.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z
#EXTINF:2,
s/7.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.000Z
#EXT-X-PART:DURATION=0.2,URI="p/8.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.2,URI="p/8.1.m4s"
#EXT-X-PART:DURATION=0.1,URI="p/8.2.m4s"
#EXTINF:0.5,
s/8.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="i/2.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:09.000Z
#EXT-X-PART:DURATION=0.2,URI="p/9.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p/9.1.m4s"
`;

const edit = (from: string | RegExp, to: string) => {
  const text = base.replace(from, to);
  if (text === base) throw new Error(`nothing to edit: ${String(from)}`);
  return text;
};

describe('the rule check', () => {
  it('finds nothing in a playlist that keeps to the rules, nor in one that goes on from it', () => {
    expect(checkPlaylist(base)).toEqual([]);
    expect(checkPlaylist(edit(/#EXT-X-PRELOAD-HINT.*/, '#EXT-X-PART:DURATION=0.2,URI="p/9.1.m4s"'), base)).toEqual([]);
  });

  it.each<[string, string | RegExp, string, RegExp]>([
    ['no first line', '#EXTM3U\n', '', /EXTM3U/],
    ['no version', /#EXT-X-VERSION.*\n/, '', /VERSION/],
    ['a segment longer than TARGETDURATION', 'EXTINF:2,', 'EXTINF:2.6,', /exceeds TARGETDURATION/],
    ['TARGETDURATION that is no whole number', 'TARGETDURATION:2', 'TARGETDURATION:2.5', /whole number/],
    ['a part longer than PART-TARGET', 'DURATION=0.2,URI="p/8.1', 'DURATION=0.21,URI="p/8.1', /exceeds PART-TARGET/],
    [
      'a part below 85 % that is neither last nor independent',
      'DURATION=0.2,URI="p/8.1',
      'DURATION=0.15,URI="p/8.1',
      /85 %/,
    ],
    ['parts that do not make up their segment', 'EXTINF:0.5', 'EXTINF:0.9', /its EXTINF says/],
    ['parts without PART-INF', /#EXT-X-PART-INF.*\n/, '', /without EXT-X-PART-INF/],
    ['PART-HOLD-BACK below three part targets', 'PART-HOLD-BACK=0.62', 'PART-HOLD-BACK=0.59', /three part targets/],
    ['HOLD-BACK below three target durations', 'HOLD-BACK=6', 'HOLD-BACK=5', /three target durations/],
    ['CAN-SKIP-UNTIL below six target durations', 'CAN-SKIP-UNTIL=12', 'CAN-SKIP-UNTIL=11', /six target durations/],
    ['no blocking reload', 'CAN-BLOCK-RELOAD=YES,', '', /CAN-BLOCK-RELOAD/],
    ['a hint at what is listed', 'p/9.1.m4s"', 'p/9.0.m4s"', /listed already/],
    ['no MAP', '#EXT-X-MAP:URI="i/1.mp4"\n', '', /no EXT-X-MAP/],
    ['a MAP that changes without a discontinuity', '#EXT-X-DISCONTINUITY\n', '', /without a discontinuity/],
    ['no date', '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.000Z\n', '', /no PROGRAM-DATE-TIME/],
    ['dates that go back', '00:00:02.000Z', '00:00:00.000Z', /does not come after/],
    ['dates that step within a run', '00:00:02.000Z', '00:00:03.000Z', /steps by/],
    ['INDEPENDENT-SEGMENTS where one is not', 'p/8.0.m4s",INDEPENDENT=YES', 'p/8.0.m4s"', /is not independent/],
    ['no DISCONTINUITY-SEQUENCE', /#EXT-X-DISCONTINUITY-SEQUENCE.*\n/, '', /is missing/],
    ['a tag nobody knows', '#EXT-X-INDEPENDENT-SEGMENTS', '#EXT-X-INDEPENDENT-SEGMENT', /not known/],
  ])('finds %s', (_name, from, to, rule) => {
    expect(checkPlaylist(edit(from, to)).join('\n')).toMatch(rule);
  });

  it('finds parts older than three target durations', () => {
    const old = '#EXT-X-PART:DURATION=2,URI="p/7.0.m4s",INDEPENDENT=YES\n#EXTINF:2,\ns/7.m4s';
    const long = edit('#EXTINF:2,\ns/7.m4s', old).replace('EXTINF:0.5,', 'EXTINF:6.5,');
    expect(checkPlaylist(long).join('\n')).toMatch(/older than three target durations/);
  });

  it.each<[string, string | RegExp, string, RegExp]>([
    ['a target duration that changes', 'TARGETDURATION:2', 'TARGETDURATION:3', /TARGETDURATION has changed/],
    ['a media sequence that goes back', 'MEDIA-SEQUENCE:7', 'MEDIA-SEQUENCE:6', /went back/],
    [
      'a discontinuity sequence that does not follow',
      'DISCONTINUITY-SEQUENCE:1',
      'DISCONTINUITY-SEQUENCE:2',
      /DISCONTINUITY-SEQUENCE is/,
    ],
    ['a segment that changes', 'EXTINF:0.5', 'EXTINF:0.50001', /has changed since/],
    ['a date that changes', '00:00:09.000Z', '00:00:09.001Z', /another PROGRAM-DATE-TIME/],
    ['a part that changes', 'DURATION=0.2,URI="p/9.0', 'DURATION=0.19,URI="p/9.0', /has changed since/],
    ['a MAP that changes', 'i/2.mp4', 'i/3.mp4', /another EXT-X-MAP/],
  ])('finds %s between two answers', (_name, from, to, rule) => {
    expect(checkPlaylist(edit(from, to), base).join('\n')).toMatch(rule);
  });

  it('finds a delta that skips more than the client has', () => {
    const delta = base
      .replace('#EXT-X-MAP:URI="i/1.mp4"\n', '#EXT-X-SKIP:SKIPPED-SEGMENTS=5\n')
      .replace(/#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z\n#EXTINF:2,\ns\/7.m4s\n/, '');
    expect(checkPlaylist(delta, base).join('\n')).toMatch(/of which the client has/);
    expect(checkPlaylist(delta).join('\n')).toMatch(/has nothing/);
  });
});
