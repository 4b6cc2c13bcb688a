import { describe, expect, it } from 'vitest';

import type { RunTrack } from '#server/contracts/log-record.ts';

import { checkPlaylist } from '../playlist-rules.ts';
import { multivariantPlaylist } from './multivariant.ts';

const video: RunTrack = {
  track: 1,
  kind: 'video',
  codec: 'avc1.64002a',
  timescale: 90_000,
  width: 1920,
  height: 1080,
  fps: 29.97,
};
const audio: RunTrack = {
  track: 2,
  kind: 'audio',
  codec: 'mp4a.40.2',
  timescale: 48_000,
  channels: 2,
  language: 'jpn',
};
const input = { bandwidth: 6_000_000.4, averageBandwidth: 5e6, playlist: 'live.m3u8', ladder: false };

describe('a multivariant playlist', () => {
  it('has one variant on src', () => {
    const text = multivariantPlaylist({ ...input, tracks: [video, audio] });
    expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:10
#EXT-X-STREAM-INF:BANDWIDTH=6000001,AVERAGE-BANDWIDTH=5000000,CODECS="avc1.64002a,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=29.970
src/live.m3u8
`);
    expect(checkPlaylist(text)).toEqual([]);
  });

  it('is demuxed with ?ladder=1, audio alone last, and never both', () => {
    const text = multivariantPlaylist({ ...input, ladder: true, tracks: [video, audio] });
    expect(checkPlaylist(text)).toEqual([]);
    expect(text).not.toContain('src/');
    expect(text.trimEnd().split('\n').at(-1)).toBe('a/live.m3u8');
    expect(text).toContain('AUDIO="audio"');
  });

  it('stays on src where there is nothing to take apart', () => {
    expect(multivariantPlaylist({ ...input, ladder: true, tracks: [video] })).toContain('src/live.m3u8');
    expect(multivariantPlaylist({ ...input, tracks: [audio] })).toContain('CODECS="mp4a.40.2"\nsrc/live.m3u8');
  });
});
