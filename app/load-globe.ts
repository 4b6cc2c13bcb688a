import { beginPictures } from './_features/globe/planet-pictures.ts';
import { askWebGl } from './web-gl.ts';

/** three comes with it, the largest of all that pages load. */
export const loadGlobe = () => import('./_features/globe/globe.tsx');

/** Where the choice of the flat map is kept. */
export const flatKey = 'earth.flat';

function isFlatWanted(search: string): boolean {
  if (new URLSearchParams(search).get('map') === 'flat') return true;
  try {
    return window.localStorage.getItem(flatKey) === 'yes';
  } catch {
    // Storage is refused in this browser: nothing was kept.
    return false;
  }
}

let isBegun = false;

/** What Earth waits for the longest, begun before the page stands: whether a globe can be drawn, and what draws it. What fails here is asked for again when it is shown. */
export function beginGlobe(search: string): void {
  askWebGl();
  if (isFlatWanted(search) || isBegun) return;
  isBegun = true;
  // The code first: without it there is nothing to draw them with.
  loadGlobe().then(beginPictures, () => undefined);
}
