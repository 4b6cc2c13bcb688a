import { describe, expect, it } from 'vitest';

import type { RunTrack } from '#server/contracts/log-record.ts';

import { rungsBelow } from '../ladder/rung.ts';
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
const input = { bandwidth: 6_000_000.4, averageBandwidth: 5e6, playlist: 'live.m3u8', ladder: false, rungs: [] };

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

  it('names the rungs below the source with ?ladder=1, at rates that they keep to', () => {
    const rungs = rungsBelow(video, 5e6);
    const text = multivariantPlaylist({ ...input, ladder: true, rungs, tracks: [video, audio] });
    expect(checkPlaylist(text)).toEqual([]);
    expect(text.split('\n').filter((line) => line.endsWith('.m3u8'))).toEqual([
      'v/live.m3u8',
      '720/live.m3u8',
      '480/live.m3u8',
      'a/live.m3u8',
    ]);
    expect(text).toContain(
      '#EXT-X-STREAM-INF:BANDWIDTH=3355362,AVERAGE-BANDWIDTH=2692000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO="audio"\n720/live.m3u8',
    );
    expect(multivariantPlaylist({ ...input, rungs, tracks: [video, audio] })).not.toContain('720/');
  });

  it('takes a picture without sound apart only where it has rungs', () => {
    const rungs = rungsBelow(video, null);
    const text = multivariantPlaylist({ ...input, ladder: true, rungs, tracks: [video] });
    expect(checkPlaylist(text)).toEqual([]);
    expect(text).not.toContain('AUDIO');
    expect(text.trimEnd().split('\n').at(-1)).toBe('480/live.m3u8');
  });

  it('stays on src where there is nothing to take apart', () => {
    expect(multivariantPlaylist({ ...input, ladder: true, tracks: [video] })).toContain('src/live.m3u8');
    expect(multivariantPlaylist({ ...input, tracks: [audio] })).toContain('CODECS="mp4a.40.2"\nsrc/live.m3u8');
  });
});
