import type { CameraState } from '#server/contracts/camera.ts';

/** The token that colours a state. */
export const tokenOf = {
  live: '--live',
  delayed: '--delayed',
  still: '--delayed',
  offline: '--offline',
  unchecked: '--quiet',
  demo: '--demo',
  error: '--error',
} satisfies Record<CameraState, string>;

/** Each state has a shape of its own, so that it can be read without colour. */
export function drawMark(pen: CanvasRenderingContext2D, state: CameraState, x: number, y: number, size: number): void {
  pen.beginPath();
  if (state === 'demo') {
    pen.moveTo(x, y - size * 1.25);
    pen.lineTo(x + size * 1.25, y);
    pen.lineTo(x, y + size * 1.25);
    pen.lineTo(x - size * 1.25, y);
    pen.closePath();
  } else if (state === 'error') {
    pen.moveTo(x, y - size * 1.2);
    pen.lineTo(x + size * 1.2, y + size);
    pen.lineTo(x - size * 1.2, y + size);
    pen.closePath();
  } else pen.arc(x, y, state === 'unchecked' ? size * 0.5 : size, 0, 2 * Math.PI);
  if (state === 'live' || state === 'unchecked' || state === 'error') pen.fill();
  else if (state === 'delayed') {
    pen.stroke();
    pen.beginPath();
    pen.arc(x, y, size, Math.PI / 2, (3 * Math.PI) / 2);
    pen.fill();
  } else pen.stroke();
}
