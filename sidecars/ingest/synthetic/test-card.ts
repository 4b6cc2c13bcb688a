import { eachDot, glyphAdvance } from './bitmap-font.ts';
import { mix, type Rgb } from './light.ts';
import { sceneHeight, sceneWidth } from './painting.ts';
import { crossing, type Scene } from './scene.ts';

const ground: Rgb = [34, 40, 48];
const line: Rgb = [86, 98, 110];
const accent: Rgb = [240, 176, 64];
const [cx, cy] = [sceneWidth / 2, 186];

/** A card for measuring: grid, circles, grey and colour ramps, a hand that turns once a second, a ball, a count of seconds. */
export function testCard(): Scene {
  return {
    paint(painting) {
      painting.gradient(0, sceneHeight, mix(ground, [0, 0, 0], 0.2), ground);
      for (let x = 0; x <= sceneWidth; x += 40) painting.rect(x, 0, 1, sceneHeight, line, 0.5);
      for (let y = 0; y <= sceneHeight; y += 40) painting.rect(0, y, sceneWidth, 1, line, 0.5);
      for (const [radius, alpha] of [
        [128, 1],
        [125.6, 0],
        [92, 1],
        [90, 0],
      ] as const) {
        painting.disc(cx, cy, radius, alpha ? [214, 220, 226] : ground, 0.02);
      }
      for (let tick = 0; tick < 60; tick += 1) {
        const angle = (tick / 60) * 2 * Math.PI;
        const from = tick % 5 === 0 ? 110 : 118;
        painting.line(
          [cx + from * Math.sin(angle), cy - from * Math.cos(angle)],
          [cx + 124 * Math.sin(angle), cy - 124 * Math.cos(angle)],
          tick % 5 === 0 ? 2.4 : 1,
          [214, 220, 226],
        );
      }
      for (let step = 0; step < 11; step += 1) {
        const grey = (step / 10) * 255;
        painting.rect(20 + step * 12, 300, 12, 30, [grey, grey, grey]);
        const hue = (shift: number) => 127 + 120 * Math.sin((step / 11) * 6.28 + shift);
        painting.rect(488 + step * 12, 300, 12, 30, [hue(0), hue(2.1), hue(4.2)]);
      }
      // Lines of falling width show what the coding leaves of detail.
      for (let stroke = 0, x = 500; x < 620; stroke += 1) {
        const width = Math.max(1, 6 - stroke * 0.25);
        painting.rect(x, 60, width, 60, [226, 230, 234]);
        x += width * 2;
      }
    },
    draw(canvas, seconds) {
      const angle = (seconds % 1) * 2 * Math.PI;
      for (let along = 14; along < 104; along += 3) {
        canvas.rect(cx + along * Math.sin(angle) - 1.5, cy - along * Math.cos(angle) - 1.5, 3, 3, accent);
      }
      const swing = crossing({ seconds, period: 4, phase: 0, from: 0, to: 2 }).x;
      const x = 40 + (swing < 1 ? swing : 2 - swing) * 140;
      const bounce = Math.abs(Math.sin(seconds * 2.4)) * 120;
      canvas.disc(x, 280 - bounce, 13, [226, 84, 66], 0.15, 1);
      const text = String(Math.floor(seconds) % 60).padStart(2, '0');
      const dot = 5 * (canvas.height / sceneHeight);
      const left = canvas.width / 2 - (text.length * glyphAdvance * dot) / 2;
      const top = (cy / sceneHeight) * canvas.height - 3.5 * dot;
      eachDot(text, (column, row) => {
        const edge = (dots: number, from: number) => Math.round(from + dots * dot);
        const square = [edge(column, left), edge(row, top), edge(column + 1, left), edge(row + 1, top)] as const;
        canvas.area(square, [236, 240, 244]);
      });
    },
  };
}
