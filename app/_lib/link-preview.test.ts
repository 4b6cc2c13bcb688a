import { describe, expect, it } from 'vitest';

import { viewPicture } from './link-preview.ts';

const position = { latitude: 35.66, longitude: 139.7, zoom: 9.5 };
const nowhere = { cameraId: null, atMs: null, position: null };

describe('the picture beside a link', () => {
  it('shows the camera of the address, and the minute that it shares', () => {
    const camera = { cameraId: 'c1', position, atMs: null };
    expect(viewPicture(camera, 'ja')).toBe('/og/camera/c1?locale=ja');
    const atMs = Date.parse('2026-11-22T18:42:37Z');
    expect(viewPicture({ ...camera, atMs }, 'en')).toBe('/og/camera/c1?locale=en&t=2026-11-22T18:42Z');
    // One picture for one minute.
    expect(viewPicture({ ...camera, atMs: atMs - 30_000 }, 'en')).toBe(viewPicture({ ...camera, atMs }, 'en'));
  });

  it('shows the globe from about where the address looks', () => {
    expect(viewPicture(nowhere, 'en')).toBe('/og/earth?locale=en');
    expect(viewPicture({ ...nowhere, position }, 'en')).toBe('/og/earth?locale=en&v=35,140');
    expect(viewPicture({ ...nowhere, position: { ...position, longitude: 179 } }, 'en')).toBe(
      '/og/earth?locale=en&v=35,-180',
    );
  });
});
