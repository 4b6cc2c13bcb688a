import type { Place } from './geodesy.ts';
import { zoomOfWholePlanet, type Pose, type View } from './pose.ts';

/** Who asks for less than the whole planet gets the whole planet: it fits this window. */
export function whole(start: Place & Partial<View>, viewport: Pose['viewport']): View {
  const { latitude, longitude, heading = 0, tilt = 0 } = start;
  return { latitude, longitude, heading, tilt, zoom: Math.max(start.zoom ?? 0, zoomOfWholePlanet(viewport)) };
}

/** Whether the planet is seen as one. */
export const isWhole = (view: View, viewport: Pose['viewport']) => view.zoom < zoomOfWholePlanet(viewport) + 1;
