import type { MapCamera } from './planet-map.ts';
import { daylightOf, isRising, sunHeight, type Direction } from './sun.ts';

type SurpriseKind = 'random' | 'sunrise' | 'sunset';

/** The sun is so near to the horizon, degrees, while it is said to rise or set. */
const nearHorizon = 6;
const living = new Set(['live', 'delayed', 'demo']);

/** `exact`: it is what was asked for, and not only the nearest to it. Null: there are no cameras. */
export function chooseCamera(
  cameras: readonly MapCamera[],
  { kind, sun, random }: { kind: SurpriseKind; sun: Direction; random: () => number },
): { camera: MapCamera; exact: boolean } | null {
  const alive = cameras.filter((camera) => living.has(camera.state));
  // A real camera by rights; what is drawn or not looked at yet where there is nothing else.
  const live = alive.filter((camera) => !camera.demo);
  const choices = [live, alive, cameras].find((some) => some.length > 0);
  if (!choices) return null;
  const pick = (some: readonly MapCamera[]) => some[Math.floor(random() * some.length)] ?? null;
  if (kind === 'random') {
    const camera = pick(choices.filter((one) => daylightOf(sunHeight(sun, one.direction)) === 'day')) ?? pick(choices);
    return camera && { camera, exact: alive.length > 0 };
  }
  const side = choices.filter((one) => isRising(sun, one.longitude) === (kind === 'sunrise'));
  const low = side.filter((one) => degreesFromHorizon(sun, one) <= nearHorizon);
  const camera = pick(low);
  if (camera) return { camera, exact: alive.length > 0 };
  const nearest = nearestToHorizon(side.length > 0 ? side : choices, sun);
  return nearest && { camera: nearest, exact: false };
}

function nearestToHorizon(cameras: readonly MapCamera[], sun: Direction): MapCamera | null {
  let nearest: MapCamera | null = null;
  for (const camera of cameras)
    if (!nearest || degreesFromHorizon(sun, camera) < degreesFromHorizon(sun, nearest)) nearest = camera;
  return nearest;
}

function degreesFromHorizon(sun: Direction, { direction }: MapCamera): number {
  return (Math.abs(Math.asin(Math.max(-1, Math.min(1, sunHeight(sun, direction))))) * 180) / Math.PI;
}
