import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { faultIn, isOurPlaylist } from './patient-loader.ts';

describe('the patient loader', () => {
  beforeEach(() => vi.stubGlobal('location', new URL('https://house.example/cameras/1')));
  afterEach(() => vi.unstubAllGlobals());

  it('asks patiently for playlists of this house alone', () => {
    expect(isOurPlaylist('https://house.example/media/1/src/live.m3u8?_HLS_msn=4')).toBe(true);
    expect(isOurPlaylist('/media/1/index.m3u8')).toBe(true);
    expect(isOurPlaylist('https://cdn.example/media/1/index.m3u8')).toBe(false);
    expect(isOurPlaylist('/media/1/src/s/3.m4s')).toBe(false);
  });

  it('takes a playlist that comes later for the fault that it would have been', () => {
    const later = (code: string) => ({ code: 202, data: JSON.stringify({ error: { code, message: 'not yet' } }) });
    expect(faultIn(later('UNAVAILABLE'))).toBe(503);
    expect(faultIn(later('NOT_FOUND'))).toBe(404);
    expect(faultIn({ code: 200, data: '#EXTM3U' })).toBeNull();
  });
});
