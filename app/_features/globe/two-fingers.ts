/** What two fingers on the planet mean: pinch and turn it, or lean it. */

interface Finger {
  x: number;
  y: number;
}

/** Two fingers as one thing: how far apart, at which angle, around which point. */
interface Pair {
  distance: number;
  angle: number;
  x: number;
  y: number;
}

/** What they did since they are down, until it is certain what they mean. */
export interface Gesture {
  from: Pair;
  last: Pair;
  turned: number;
  isTurning: boolean;
  isTilting: boolean;
}

type Meaning = { type: 'tilt'; pixels: number } | { type: 'pinch'; zoom: number; turn: number };

/** Fingers that pinch turn a little and rise a little: only what is more than that is meant. */
const turnDegreesMin = 12;
const tiltPixelsMin = 14;
const pinchPixelsMax = 10;

export function pairOf(fingers: Iterable<Finger>): Pair | null {
  const [a, b] = [...fingers];
  if (!a || !b) return null;
  return {
    distance: Math.max(8, Math.hypot(b.x - a.x, b.y - a.y)),
    angle: (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI,
    x: (a.x + b.x) / 2,
    y: (a.y + b.y) / 2,
  };
}

export const beginGesture = (both: Pair | null): Gesture | null =>
  both && { from: both, last: both, turned: 0, isTurning: false, isTilting: false };

/** One step of both fingers, however far it goes: a slow machine tells of few. */
export function stepGesture(gesture: Gesture, after: Pair): { gesture: Gesture; meaning: Meaning } {
  const { from, last } = gesture;
  const turn = ((after.angle - last.angle + 540) % 360) - 180;
  const turned = gesture.turned + turn;
  const isTurning = gesture.isTurning || Math.abs(turned) > turnDegreesMin;
  const hasPinched = Math.abs(after.distance - from.distance) > pinchPixelsMax;
  // Side by side, up or down together: the planet leans.
  const isLevel = Math.abs(Math.sin((after.angle * Math.PI) / 180)) < 0.6;
  const isTilting =
    gesture.isTilting || (!hasPinched && !isTurning && isLevel && Math.abs(after.y - from.y) > tiltPixelsMin);
  const next = { from, last: after, turned, isTurning, isTilting };
  if (isTilting) return { gesture: next, meaning: { type: 'tilt', pixels: last.y - after.y } };
  // What is more than a hand's own turning counts.
  const meant = gesture.isTurning ? turn : turned - Math.sign(turned) * turnDegreesMin;
  const zoom = Math.log2(after.distance / last.distance);
  return { gesture: next, meaning: { type: 'pinch', zoom, turn: isTurning ? -meant : 0 } };
}
