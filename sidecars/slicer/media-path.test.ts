import { describe, expect, it } from 'vitest';

import { parseDirectives, parseMediaPath } from './media-path.ts';

const id = '0198a000-0000-7000-8000-00000000000a';

describe('addresses of media', () => {
  it.each([
    ['index.m3u8', { file: 'index' }],
    ['src/live.m3u8', { file: 'live', rendition: 'src' }],
    ['720/live.m3u8', { file: 'live', rendition: '720' }],
    ['a/vod.m3u8', { file: 'vod', rendition: 'a' }],
    ['v/i/7.mp4', { file: 'init', rendition: 'v', run: 7 }],
    ['src/s/12.m4s', { file: 'segment', rendition: 'src', mediaSequence: 12 }],
    ['src/s/12-14.m4s', { file: 'joined', rendition: 'src', range: { first: 12, last: 14 } }],
    ['src/p/12.3.m4s', { file: 'part', rendition: 'src', mediaSequence: 12, part: 3 }],
    ['thumbs/9.jpg', { file: 'segmentThumb', mediaSequence: 9 }],
    ['tail.mp4', { file: 'tail' }],
  ])('reads %s', (path, media) => {
    expect(parseMediaPath(`/media/${id}/${path}`)).toEqual({ token: null, streamId: id, media });
    expect(parseMediaPath(`/media/~abc/${id}/${path}`)).toEqual({ token: 'abc', streamId: id, media });
  });

  it.each([
    '',
    'src',
    'src/p/1.m4s',
    'src/s/1.2.m4s',
    '360/live.m3u8',
    'src/i/x.mp4',
    '../../etc/passwd',
    'src/p/1.2.mp4',
    'src/s/-1.m4s',
  ])('knows nothing at %s', (path) => {
    expect(parseMediaPath(`/media/${id}/${path}`)).toBeNull();
    expect(parseMediaPath(`/media/${path}`)).toBeNull();
  });

  it('refuses directives that contradict themselves', () => {
    const of = (query: string) => parseDirectives(new URLSearchParams(query));
    expect(of('')).toEqual({ mediaSequence: null, part: null, skip: false });
    expect(of('_HLS_msn=4&_HLS_part=2&_HLS_skip=YES')).toEqual({ mediaSequence: 4, part: 2, skip: true });
    expect(of('_HLS_part=2')).toBeNull();
    expect(of('_HLS_msn=-1')).toBeNull();
    expect(of('_HLS_msn=')).toBeNull();
  });
});
