/** Where the eye stands for a view, what a pixel of it sees, and back. */
import type { GeoBounds } from '#server/contracts/earth.ts';

import {
  axesAt,
  clamp,
  dot,
  earthRadiusMetres,
  normalized,
  plus,
  scale,
  toDegrees,
  toPlace,
  toRadians,
  toVector,
  wrapLongitude,
  type Place,
  type Vector,
} from './geodesy.ts';

/** The place in the middle of what is free, how near, and from which side. */
export interface View extends Place {
  /** As on web maps: the equator is 512 · 2^zoom CSS pixels long, measured where the eye looks. */
  zoom: number;
  /** Degrees clockwise from north of what points up on the screen. */
  heading: number;
  /** Degrees away from looking straight down. */
  tilt: number;
}

/** CSS pixels; `inset` is what panels cover, so that the middle is the middle of the rest. */
export interface Viewport {
  width: number;
  height: number;
  inset: { left: number; right: number; top: number; bottom: number };
}

export interface Pose {
  view: View;
  target: Vector;
  eye: Vector;
  /** |eye|² − 1, taken another way than by subtracting: exact near the ground. */
  eyeBeyond: number;
  /** Axes of the screen in the world; `back` points from the target to the eye. */
  right: Vector;
  up: Vector;
  back: Vector;
  /** From the eye to the target, in radii. */
  range: number;
  /** Pixels of one radian in the middle. */
  focal: number;
  centreX: number;
  centreY: number;
  viewport: Viewport;
}

/** Half the angle that the height of the window covers: narrow, so that the planet looks round at its edges. */
const halfFieldOfView = toRadians(16);
const equatorPixels = 512;
const rangeMetresMin = 2000;
const tiltMax = 68;

export const focalOf = ({ height }: Viewport) => height / 2 / Math.tan(halfFieldOfView);

export const rangeOfZoom = (zoom: number, viewport: Viewport) =>
  (focalOf(viewport) * 2 * Math.PI) / (equatorPixels * 2 ** zoom);
export const zoomOfRange = (range: number, viewport: Viewport) =>
  Math.log2((focalOf(viewport) * 2 * Math.PI) / (equatorPixels * range));
export const zoomOfRangeMetres = (metres: number, viewport: Viewport) =>
  zoomOfRange(metres / earthRadiusMetres, viewport);

/** The zoom at which the whole planet fits what is free, with a margin. */
export function zoomOfWholePlanet(viewport: Viewport): number {
  const { width, height, inset } = viewport;
  const free = Math.max(64, Math.min(width - inset.left - inset.right, height - inset.top - inset.bottom));
  const radius = free * (free < 600 ? 0.46 : 0.435);
  return zoomOfRange(Math.hypot(focalOf(viewport) / radius, 1) - 1, viewport);
}

export function zoomLimits(viewport: Viewport): { min: number; max: number } {
  return { min: zoomOfWholePlanet(viewport) - 0.55, max: zoomOfRangeMetres(rangeMetresMin, viewport) };
}

/** The whole planet is looked at straight; the nearer, the more may be tilted. */
export const tiltLimit = (zoom: number) => tiltMax * clamp((zoom - 4) / 4, 0, 1);

export function withinLimits(view: View, viewport: Viewport): View {
  const { min, max } = zoomLimits(viewport);
  const zoom = clamp(view.zoom, min, max);
  return {
    zoom,
    latitude: clamp(view.latitude, -89.5, 89.5),
    longitude: wrapLongitude(view.longitude),
    heading: wrapLongitude(view.heading),
    tilt: clamp(view.tilt, 0, tiltLimit(zoom)),
  };
}

export function poseOf(view: View, viewport: Viewport): Pose {
  const { east, north, up: zenith } = axesAt(view);
  const [heading, tilt] = [toRadians(view.heading), toRadians(view.tilt)];
  const ahead = plus(scale(north, Math.cos(heading)), east, Math.sin(heading));
  const back = plus(scale(zenith, Math.cos(tilt)), ahead, -Math.sin(tilt));
  const range = rangeOfZoom(view.zoom, viewport);
  const { width, height, inset } = viewport;
  return {
    view,
    viewport,
    target: zenith,
    eye: plus(zenith, back, range),
    eyeBeyond: range * (2 * Math.cos(tilt) + range),
    right: plus(scale(east, Math.cos(heading)), north, -Math.sin(heading)),
    up: plus(scale(zenith, Math.sin(tilt)), ahead, Math.cos(tilt)),
    back,
    range,
    focal: focalOf(viewport),
    centreX: (inset.left + width - inset.right) / 2,
    centreY: (inset.top + height - inset.bottom) / 2,
  };
}

function rayAt(pose: Pose, x: number, y: number): Vector {
  const sideways = plus(scale(pose.right, (x - pose.centreX) / pose.focal), pose.up, (pose.centreY - y) / pose.focal);
  return normalized(plus(sideways, pose.back, -1));
}

/** The point of the ground under a pixel. Beside the planet: null, or the nearest point of its edge when asked. */
export function groundAt(pose: Pose, x: number, y: number, options?: { orEdge: true }): Vector | null {
  const ray = rayAt(pose, x, y);
  const b = dot(pose.eye, ray);
  const inside = b * b - pose.eyeBeyond;
  if (inside < 0 || b >= 0) return options ? normalized(plus(pose.eye, ray, b < 0 ? -b : 0)) : null;
  return normalized(plus(pose.eye, ray, pose.eyeBeyond / (Math.sqrt(inside) - b)));
}

/** How far a point of the ground stands this side of the horizon: below 0 it is hidden. */
export const aboveHorizon = (pose: Pose, point: Vector) => dot(point, pose.eye) - 1;

/** Pixel of a point of the ground; null behind the horizon. */
export function screenOf(pose: Pose, point: Vector): { x: number; y: number } | null {
  if (aboveHorizon(pose, point) < 0) return null;
  const away = plus(point, pose.eye, -1);
  const depth = -dot(away, pose.back);
  if (depth <= 0) return null;
  return {
    x: pose.centreX + (pose.focal * dot(away, pose.right)) / depth,
    y: pose.centreY - (pose.focal * dot(away, pose.up)) / depth,
  };
}

/**
 * The view, moved so that `ground` comes under the pixel, everything else kept. Seen from the target all stays where it
 * was, so the pixel's point (e, n, u there) must turn into `ground`: latitude from its z, then longitude.
 */
export function viewWithGroundAt(pose: Pose, ground: Vector, x: number, y: number): View {
  const here = groundAt(pose, x, y, { orEdge: true }) ?? pose.target;
  const axes = axesAt(pose.view);
  const [e, n, u] = [dot(here, axes.east), dot(here, axes.north), dot(here, axes.up)];
  const offset = Math.atan2(n, u);
  const sum = Math.asin(clamp(ground[2] / Math.max(1e-9, Math.hypot(n, u)), -1, 1));
  const candidates = [sum - offset, Math.PI - sum - offset].map((value) =>
    Math.atan2(Math.sin(value), Math.cos(value)),
  );
  const present = toRadians(pose.view.latitude);
  const phi = candidates.reduce((best, value) => (Math.abs(value - present) < Math.abs(best - present) ? value : best));
  const latitude = clamp(toDegrees(phi), -85, 85);
  const settled = toRadians(latitude);
  const turn = Math.atan2(ground[1], ground[0]) - Math.atan2(e, u * Math.cos(settled) - n * Math.sin(settled));
  return { ...pose.view, latitude, longitude: wrapLongitude(toDegrees(turn)) };
}

const boundsSamples = 14;

/** What of the planet stands in the window, as a box: never too small, at the poles and the edge a little too large. */
export function boundsOf(pose: Pose): GeoBounds {
  const { width, height } = pose.viewport;
  let [south, north, west, east] = [90, -90, 0, 0];
  const add = (point: Vector) => {
    const { latitude, longitude } = toPlace(point);
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
    const turn = wrapLongitude(longitude - pose.view.longitude);
    west = Math.min(west, turn);
    east = Math.max(east, turn);
  };
  for (let row = 0; row <= boundsSamples; row++)
    for (let column = 0; column <= boundsSamples; column++) {
      const point = groundAt(pose, (width * column) / boundsSamples, (height * row) / boundsSamples);
      if (point) add(point);
    }
  for (const point of horizon(pose)) {
    const at = screenOf(pose, point);
    if (at && at.x >= 0 && at.x <= width && at.y >= 0 && at.y <= height) add(point);
  }
  for (const pole of [90, -90]) {
    const at = screenOf(pose, toVector({ latitude: pole, longitude: 0 }));
    if (!at || at.x < 0 || at.x > width || at.y < 0 || at.y > height) continue;
    [west, east] = [-180, 180];
    if (pole > 0) north = 90;
    else south = -90;
  }
  if (south > north) add(pose.target);
  // Between samples the edge bows outwards.
  const margin = Math.min(2, (north - south) / boundsSamples / 2);
  const around = east - west + 2 * margin >= 360;
  return [
    around ? -180 : wrapLongitude(pose.view.longitude + west - margin),
    Math.max(-90, south - margin),
    around ? 180 : wrapLongitude(pose.view.longitude + east + margin),
    Math.min(90, north + margin),
  ];
}

/** Points of the circle where the planet ends, a hair this side of it. */
function horizon(pose: Pose): Vector[] {
  const distance = Math.hypot(...pose.eye);
  const towards = scale(pose.eye, 1 / distance);
  const radius = Math.acos(clamp(1 / distance, -1, 1)) * 0.9999;
  const { east, north } = axesAt(toPlace(towards));
  return Array.from({ length: 72 }, (_, index) => {
    const angle = (index / 72) * 2 * Math.PI;
    const aside = plus(scale(east, Math.cos(angle)), north, Math.sin(angle));
    return plus(scale(towards, Math.cos(radius)), aside, Math.sin(radius));
  });
}

/** Metres of the ground in one CSS pixel where the eye looks. */
export const metresPerPixel = (pose: Pose) => (pose.range / pose.focal) * earthRadiusMetres;

export function isSamePose(a: Pose, b: Pose): boolean {
  return (
    a.view.latitude === b.view.latitude &&
    a.view.longitude === b.view.longitude &&
    a.view.zoom === b.view.zoom &&
    a.view.heading === b.view.heading &&
    a.view.tilt === b.view.tilt &&
    a.centreX === b.centreX &&
    a.centreY === b.centreY &&
    a.focal === b.focal
  );
}
