import type { Light } from './light.ts';
import type { Painting } from './painting.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

/** A drawn place: what stands is painted when the light changes, what moves is drawn each picture. */
export interface Scene {
  paint: (painting: Painting, light: Light) => void;
  /** `seconds` of UTC, so that two instances of a scene show the same moment. */
  draw: (canvas: YuvCanvas, seconds: number, light: Light) => void;
}

/** Where something is that crosses from `from` to `to` again and again, each crossing `period` seconds long; and how many crossings ago it began. */
export function crossing(options: { seconds: number; period: number; phase: number; from: number; to: number }): {
  x: number;
  round: number;
} {
  const turns = options.seconds / options.period + options.phase;
  const round = Math.floor(turns);
  return { x: options.from + (options.to - options.from) * (turns - round), round };
}
