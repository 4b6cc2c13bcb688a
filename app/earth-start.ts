import { wrapLongitude, type EarthPosition } from './_lib/earth-address.ts';
import type { SurfaceView } from './_lib/earth-surface.ts';

/** The demo cameras stand here: the first look shows them. */
const firstPosition: EarthPosition = { latitude: 28, longitude: 137, zoom: 1.4 };
/** As wide as the largest windows are: what is seen is not known before the planet is drawn. */
const windowPx = 2048;
const worldDegrees = 360;
/** Of a window's height at this width, with room for the poles' narrowing. */
const upDegreesMax = 75;

/** What an address of Earth begins with. Asked about the whole planet from near, the server would count thousands that nobody sees. */
export function startView(position: EarthPosition | null): SurfaceView {
  const start = position ?? firstPosition;
  const across = (worldDegrees * windowPx) / (512 * 2 ** start.zoom);
  const up = across / 2;
  const isWhole = across >= 180 || (start.tilt ?? 0) > 0 || Math.abs(start.latitude) + up / 2 > upDegreesMax;
  if (isWhole) return { ...start, bounds: [-180, -90, 180, 90] };
  const wide = across / Math.cos(((Math.abs(start.latitude) + up / 2) * Math.PI) / 180);
  if (wide >= 180) return { ...start, bounds: [-180, -90, 180, 90] };
  const { latitude, longitude } = start;
  return {
    ...start,
    bounds: [
      wrapLongitude(longitude - wide / 2),
      latitude - up / 2,
      wrapLongitude(longitude + wide / 2),
      latitude + up / 2,
    ],
  };
}
