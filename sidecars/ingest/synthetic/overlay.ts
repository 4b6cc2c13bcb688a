import { encodeTimeCode, timeCodeCells, timeCodeRowHeight } from '#server/contracts/picture-time-code.ts';

import { eachDot, glyphAdvance, glyphHeight, printable } from './bitmap-font.ts';
import type { Rgb } from './light.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
const labelLengthMax = 40;

/** Label, local time with milliseconds, and the time code that a machine reads. */
export class Overlay {
  private readonly label: string;
  private readonly format: Intl.DateTimeFormat;
  private readonly zone: string;
  private second = -1;
  private clock = '';

  constructor(options: { label: string; timeZone: string }) {
    this.label = printable(options.label).slice(0, labelLengthMax);
    this.zone = zoneOf(options.timeZone);
    this.format = new Intl.DateTimeFormat('sv-SE', { timeZone: this.zone, dateStyle: 'short', timeStyle: 'medium' });
  }

  draw(canvas: YuvCanvas, utcMs: number): void {
    const second = Math.floor(utcMs / 1000);
    if (second !== this.second) {
      this.second = second;
      this.clock = this.format.format(utcMs);
    }
    const dot = Math.max(1, Math.round(canvas.height / 180));
    const time = `${this.clock}.${String(Math.floor(utcMs) % 1000).padStart(3, '0')} ${this.zone}`;
    this.line(canvas, this.label, { x: 4 * dot, y: 4 * dot, dot });
    this.line(canvas, time, { x: 4 * dot, y: (this.label ? 15 : 4) * dot, dot });
    this.timeCode(canvas, utcMs);
  }

  private line(canvas: YuvCanvas, text: string, { x, y, dot }: { x: number; y: number; dot: number }): void {
    if (text === '') return;
    const width = text.length * glyphAdvance * dot;
    canvas.area([x - 2 * dot, y - 2 * dot, x + width + dot, y + (glyphHeight + 1) * dot], black, 0.5);
    eachDot(text, (column, row) => {
      canvas.area([x + column * dot, y + row * dot, x + (column + 1) * dot, y + (row + 1) * dot], white);
    });
  }

  private timeCode(canvas: YuvCanvas, utcMs: number): void {
    const top = canvas.height - Math.round(canvas.height * timeCodeRowHeight);
    for (const [index, on] of encodeTimeCode(utcMs).entries()) {
      const from = Math.round((index * canvas.width) / timeCodeCells);
      const to = Math.round(((index + 1) * canvas.width) / timeCodeCells);
      canvas.area([from, top, to, canvas.height], on ? white : black);
    }
  }
}

function zoneOf(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC'; // A zone that this ICU does not know must not take the camera away.
  }
}
