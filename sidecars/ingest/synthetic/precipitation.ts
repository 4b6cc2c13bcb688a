import { seeded, type Light } from './light.ts';
import { sceneHeight, sceneWidth } from './painting.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const random = seeded(404);
const drops = Array.from({ length: 150 }, () => ({ x: random(), y: random(), pace: 0.8 + random() * 0.5 }));

/** Rain in slanting streaks or snow in drifting flakes, over the whole picture. */
export function drawPrecipitation(canvas: YuvCanvas, seconds: number, light: Light): void {
  const { rain, snow } = light.weather;
  for (const drop of drops.slice(0, Math.round(drops.length * Math.max(rain, snow)))) {
    if (rain > 0) {
      const fallen = (drop.y + seconds * drop.pace * 1.7) % 1;
      const x = ((drop.x + fallen * 0.07) % 1) * sceneWidth;
      canvas.rect(x, fallen * sceneHeight, 0.7, 11, [206, 218, 232], 0.2 + 0.12 * light.day);
    } else {
      const fallen = (drop.y + seconds * drop.pace * 0.13) % 1;
      const x = drop.x * sceneWidth + Math.sin(seconds * drop.pace + drop.y * 40) * 12;
      canvas.rect(x, fallen * sceneHeight, 1.8 * drop.pace, 1.8 * drop.pace, [250, 252, 255], 0.35 + 0.4 * light.day);
    }
  }
}
