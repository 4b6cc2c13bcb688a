import { Color } from 'three';

import { cameraStates, type CameraState } from '#server/contracts/camera-words.ts';

/** Red, green and blue as they stand in a style sheet, 0…1. */
export type Rgb = [red: number, green: number, blue: number];

export interface Palette {
  ground: Rgb;
  text: Rgb;
  quiet: Rgb;
  signal: Rgb;
  /** In the order of `cameraStates`. */
  states: Rgb[];
}

const tokenOfState = {
  live: '--live',
  delayed: '--delayed',
  still: '--delayed',
  offline: '--offline',
  unchecked: '--quiet',
  demo: '--demo',
  error: '--error',
} satisfies Record<CameraState, string>;

/** The tokens of `app/globals.css` as they hold at this element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const rgb = (token: string): Rgb => {
    const colour = new Color(style.getPropertyValue(token).trim() || 'white').convertLinearToSRGB();
    return [colour.r, colour.g, colour.b];
  };
  return {
    ground: rgb('--ground'),
    text: rgb('--text'),
    quiet: rgb('--quiet'),
    signal: rgb('--signal'),
    states: cameraStates.map((state) => rgb(tokenOfState[state])),
  };
}
