import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';

import { EarthRing } from './earth-ring.tsx';

it('what stands for the globe until it comes does not move: its pictures would stand before those of the globe', () => {
  const markup = renderToStaticMarkup(<EarthRing />);
  expect(markup).toContain('rounded-pill');
  expect(markup).not.toMatch(/animate-|transition/);
});
