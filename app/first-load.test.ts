import { describe, expect, it } from 'vitest';

import { broughtBy } from './_lib/import-graph.ts';

/** What is worth loading only when it is used, each larger than most pages of ours. */
const heavy = new Set([
  'three',
  '@react-three/fiber',
  'maplibre-gl',
  'hls.js',
  'hls.js/light',
  'zod',
  'next-auth/react',
  'socket.io-client',
  'suncalc',
]);

describe('the first load', () => {
  it.each(['app/page.tsx', 'app/cameras/page.tsx', 'app/cameras/[id]/page.tsx'])(
    'of %s holds nothing heavy',
    (page) => {
      const { files, others } = broughtBy(['app/layout.tsx', page], { withLater: false });
      expect(files.filter(({ isClient }) => isClient).length).toBeGreaterThan(20);
      expect(others).toContain('react');
      expect([...others].filter((name) => heavy.has(name) || name.endsWith('.json'))).toEqual([]);
    },
  );

  it('of Earth has the globe, the map and the player behind it', () => {
    const { others } = broughtBy(['app/page.tsx'], { withLater: true });
    expect(['three', 'maplibre-gl', 'hls.js'].filter((name) => !others.has(name))).toEqual([]);
  });
});
