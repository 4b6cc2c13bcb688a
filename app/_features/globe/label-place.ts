/** What is named on the planet, how strongly at a zoom, and where beside its place. */
import { nameStrength } from '../../_lib/country-names.ts';
import { dot, type Place, type Vector } from './geodesy.ts';
import { groundAt, type Pose } from './pose.ts';
import type { TextBox } from './text-atlas.ts';

/** A name on the planet. What is less in `rank` is more important. */
export type GlobeLabel = Place & { id: string | number; text: string; rank: number } & (
    | { kind: 'city' }
    | { kind: 'country'; radiusDegrees: number }
  );

export const labelsMax = 70;
const pixelsPerLabel = 15_000;

/** A calm picture has a name for about every hundred and fifty pixels square of planet. */
export function labelsThatSuit(pose: Pose): number {
  const radius = pose.focal / Math.sqrt(pose.eyeBeyond);
  const { width, height } = pose.viewport;
  const area = Math.min(width, radius * 2) * Math.min(height, radius * 2);
  return Math.max(6, Math.min(labelsMax, Math.round(area / pixelsPerLabel)));
}

/** How strong a name is at this zoom before it is placed: a city's always is. */
export const strengthOf = (label: GlobeLabel, { view }: Pose): number =>
  label.kind === 'city' ? 1 : nameStrength(label.radiusDegrees, view.zoom);

/** No name stands out over the planet's edge. */
export const liesOnPlanet = (pose: Pose, at: { x: number; y: number }, width: number): boolean =>
  groundAt(pose, at.x - width / 2, at.y) !== null && groundAt(pose, at.x + width / 2, at.y) !== null;

/** 1 where the ground is turned to the eye, 0 at the planet's edge. */
export function facing(pose: Pose, place: Vector): number {
  const away: Vector = [pose.eye[0] - place[0], pose.eye[1] - place[1], pose.eye[2] - place[2]];
  return dot(place, away) / Math.max(1e-12, Math.hypot(...away));
}

/** A country's name lies on it; a city's hangs under its place, or under, over or beside the cameras that stand there. */
export function offsetsOf(label: GlobeLabel, box: TextBox): { x: number; y: number }[] {
  const middle = -box.width / 2;
  if (label.kind === 'country') return [{ x: middle, y: -box.height / 2 }];
  return [
    { x: middle, y: 3 },
    { x: middle, y: 21 },
    { x: middle, y: -19 - box.height },
    { x: 22, y: -box.height / 2 },
    { x: -22 - box.width, y: -box.height / 2 },
  ];
}
