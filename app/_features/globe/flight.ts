/** An arc from one view to another: out, along the great circle, and in, by van Wijk and Nuij, "Smooth and efficient zooming and panning" (2003). */
import { alongGreatCircle, angleBetween, clamp, turnBetween, wrapLongitude } from './geodesy.ts';
import { rangeOfZoom, tiltLimit, withinLimits, zoomLimits, zoomOfRange, type View, type Viewport } from './pose.ts';

export interface Flight {
  durationMs: number;
  /** The view at a share, 0…1, of the time. */
  at: (share: number) => View;
}

/** How much of the way is taken by going out. */
const curve = 1.3;
const durationMsMin = 420;
const durationMsMax = 1600;

export function planFlight(from: View, wanted: View, viewport: Viewport, durationMs?: number): Flight {
  const to = withinLimits(wanted, viewport);
  const distance = angleBetween(from, to);
  const w0 = rangeOfZoom(from.zoom, viewport);
  const w1 = rangeOfZoom(to.zoom, viewport);
  const path = distance < 1e-8 * w0 || distance < 1e-9 ? zoomOnly(w0, w1) : zoomAndPan(w0, w1, distance);
  const turn = turnBetween(from.heading, to.heading);
  const { min } = zoomLimits(viewport);
  return {
    durationMs: durationMs ?? clamp(path.length * 330, durationMsMin, durationMsMax),
    at: (share) => {
      if (share >= 1) return to;
      const eased = ease(share);
      const { range, moved } = path.at(eased);
      const zoom = Math.max(min, zoomOfRange(range, viewport));
      const place = alongGreatCircle(from, to, moved);
      return {
        ...place,
        zoom,
        heading: wrapLongitude(from.heading + turn * eased),
        tilt: Math.min(from.tilt + (to.tilt - from.tilt) * eased, tiltLimit(zoom)),
      };
    },
  };
}

const ease = (share: number) => (share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2);

interface Path {
  length: number;
  at: (share: number) => { range: number; moved: number };
}

function zoomOnly(w0: number, w1: number): Path {
  const length = Math.abs(Math.log(w1 / w0)) / curve;
  return { length, at: (share) => ({ range: w0 * (w1 / w0) ** share, moved: share }) };
}

function zoomAndPan(w0: number, w1: number, distance: number): Path {
  const r = (end: 0 | 1) => {
    const w = end ? w1 : w0;
    const b =
      (w1 * w1 - w0 * w0 + (end ? -1 : 1) * curve ** 4 * distance * distance) / (2 * w * curve * curve * distance);
    return Math.asinh(-b);
  };
  const r0 = r(0);
  const length = (r(1) - r0) / curve;
  return {
    length: Math.abs(length),
    at: (share) => {
      const s = share * length * curve + r0;
      const range = (w0 * Math.cosh(r0)) / Math.cosh(s);
      const moved = (w0 * (Math.cosh(r0) * Math.tanh(s) - Math.sinh(r0))) / (curve * curve * distance);
      return { range, moved: clamp(moved, 0, 1) };
    },
  };
}
