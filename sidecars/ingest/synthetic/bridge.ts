import { Clouds, hazed, paintSky, ridge } from './backdrop.ts';
import { lit, mix, seeded, type Light, type Rgb } from './light.ts';
import { sceneHeight, sceneWidth, type Painting } from './painting.ts';
import { crossing, type Scene } from './scene.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const horizon = 206;
const deck = 168;
const towers = [176, 470] as const;
const towerTop = 66;
const paints: readonly Rgb[] = [
  [226, 226, 224],
  [190, 52, 46],
  [40, 72, 122],
  [46, 48, 54],
  [214, 176, 60],
];

/** Height of the main cable over the deck at `x`: parabolas between towers and shores. */
function cableAt(x: number): number {
  const [left, right] = towers;
  const drop = deck - 6 - towerTop;
  if (x < left) return deck - 6 - drop * Math.max(0, x / left) ** 2;
  if (x > right) return deck - 6 - drop * Math.max(0, (sceneWidth - x) / (sceneWidth - right)) ** 2;
  const middle = (left + right) / 2;
  return deck - 12 - (drop - 6) * ((x - middle) / (middle - left)) ** 2;
}

/** A suspension bridge over a strait: traffic, ferries, fog that drifts under the deck in the morning and evening. */
export function bridge(): Scene {
  const clouds = new Clouds([
    { seed: 131, y: 18, width: 190, height: 58, period: 380, phase: 0.2 },
    { seed: 137, y: 50, width: 140, height: 42, period: 290, phase: 0.7 },
  ]);
  const fog = new Clouds([
    { seed: 151, y: 160, width: 300, height: 52, period: 210, phase: 0.1 },
    { seed: 157, y: 178, width: 240, height: 40, period: 150, phase: 0.6 },
  ]);
  const random = seeded(23);
  const glints = Array.from({ length: 150 }, () => ({
    x: random() * sceneWidth,
    depth: random(),
    phase: random() * 6.28,
  }));
  return {
    paint(painting, light) {
      paintSky(painting, light, horizon);
      painting.polygon(ridge({ seed: 33, base: horizon + 2, height: 64 }), hazed(light, [74, 98, 112], 0.55));
      painting.polygon(ridge({ seed: 39, base: horizon + 2, height: 34 }), hazed(light, [58, 84, 74], 0.32));
      paintTown(painting, light);
      painting.gradient(
        horizon,
        sceneHeight,
        mix(light.skyHorizon, lit(light, [56, 104, 120]), 0.4),
        mix(lit(light, [18, 52, 74]), light.skyTop, 0.25),
      );
      paintBridge(painting, light);
      paintShore(painting, light);
    },
    draw(canvas, seconds, light) {
      clouds.draw(canvas, seconds, light);
      for (const glint of glints) {
        const spark = Math.sin(seconds * 2 + glint.phase * 3);
        if (spark < 0.2) continue;
        const y = horizon + 8 + glint.depth * (sceneHeight - horizon - 40);
        canvas.rect(glint.x, y, 3 + glint.depth * 9, 1, mix(light.skyHorizon, [255, 248, 228], 0.4), spark * 0.34);
      }
      drawTraffic(canvas, seconds, light);
      drawFerry(canvas, seconds, light);
      fog.draw(canvas, seconds, { ...light, day: light.dusk * 0.6, weather: { ...light.weather, cloud: light.dusk } });
      drawBeacons(canvas, seconds, light);
    },
  };
}

function paintTown(painting: Painting, light: Light): void {
  const random = seeded(61);
  for (let house = 0; house < 70; house += 1) {
    const x = 390 + random() * 250;
    const height = 5 + random() * 24;
    painting.rect(x, horizon - height, 7 + random() * 9, height, hazed(light, [126, 122, 122], 0.4));
    if (random() < 0.7) painting.rect(x + 3, horizon - height + 4, 2, 2, [255, 214, 150], light.night * 0.9);
  }
}

function paintBridge(painting: Painting, light: Light): void {
  const steel = hazed(light, [186, 70, 48], 0.1);
  const dark = hazed(light, [120, 44, 34], 0.1);
  painting.rect(0, deck, sceneWidth, 6, steel);
  painting.rect(0, deck + 6, sceneWidth, 5, dark);
  for (let truss = 0; truss < 64; truss += 1)
    painting.line([truss * 10, deck + 11], [truss * 10 + 5, deck + 6], 1, steel);
  for (const x of towers) {
    painting.rect(x - 7, towerTop, 6, 172, steel);
    painting.rect(x + 3, towerTop, 6, 172, dark);
    for (const y of [towerTop + 4, towerTop + 36, towerTop + 70]) painting.rect(x - 7, y, 16, 5, steel);
    painting.rect(x - 13, 232, 28, 14, lit(light, [112, 110, 106]));
  }
  for (let x = 4; x < sceneWidth; x += 8) painting.line([x, cableAt(x)], [x, deck], 0.6, steel, 0.7);
  for (let x = 0; x < sceneWidth; x += 4) painting.line([x, cableAt(x)], [x + 4, cableAt(x + 4)], 2.2, steel);
  for (let lamp = 0; lamp < 20; lamp += 1) {
    painting.disc(16 + lamp * 32, deck - 9, 13, [255, 210, 140], 1, light.night * 0.7);
    painting.rect(15 + lamp * 32, deck - 9, 1, 9, dark);
  }
}

function paintShore(painting: Painting, light: Light): void {
  painting.polygon(
    [
      [0, 300],
      [90, 312],
      [190, 334],
      [250, sceneHeight],
      [0, sceneHeight],
    ],
    lit(light, [54, 62, 48]),
  );
  const random = seeded(83);
  for (let bush = 0; bush < 46; bush += 1) {
    const x = random() * 200;
    painting.disc(x, 312 + x * 0.12 + random() * 34, 6 + random() * 9, lit(light, [44 + random() * 30, 78, 46]), 0.3);
  }
}

function drawTraffic(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (let car = 0; car < 26; car += 1) {
    const towards = car % 2 === 0 ? 1 : -1;
    const { x, round } = crossing({
      seconds,
      period: 24 + (car % 5) * 2.2,
      phase: car * 0.173,
      from: towards > 0 ? -20 : sceneWidth + 20,
      to: towards > 0 ? sceneWidth + 20 : -20,
    });
    const y = deck - (towards > 0 ? 3 : 5);
    const isTruck = (round + car) % 6 === 0;
    const length = isTruck ? 15 : 7;
    canvas.rect(
      x,
      y - (isTruck ? 4 : 1),
      length,
      isTruck ? 7 : 4,
      lit(light, paints[Math.abs(round + car) % 5] ?? [200, 200, 200]),
    );
    canvas.glow(towards > 0 ? x + length : x, y, 7, [255, 244, 214], light.night * 0.9);
    canvas.glow(towards > 0 ? x : x + length, y, 4, [255, 60, 50], light.night * 0.8);
  }
}

function drawFerry(canvas: YuvCanvas, seconds: number, light: Light): void {
  const { x } = crossing({ seconds, period: 96, phase: 0.4, from: sceneWidth + 30, to: -130 });
  const y = 286 + Math.sin(seconds * 0.8);
  for (let row = 0; row < 12; row += 1)
    canvas.rect(x + row, y + row, 108 - row * 1.8, 1.2, lit(light, [236, 238, 240]));
  canvas.rect(x + 2, y + 4, 104, 3, lit(light, [36, 96, 150]));
  canvas.rect(x + 14, y - 12, 74, 12, lit(light, [244, 244, 240]));
  canvas.rect(x + 24, y - 21, 46, 9, lit(light, [236, 236, 232]));
  const window = mix(lit(light, [60, 84, 104]), [255, 226, 160], light.night * 0.9);
  for (let pane = 0; pane < 10; pane += 1) canvas.rect(x + 18 + pane * 7, y - 9, 4, 4, window);
  canvas.rect(x + 56, y - 31, 8, 10, lit(light, [200, 60, 48]));
  canvas.rect(x + 100, y + 11, 70, 1.6, [255, 255, 255], 0.16 + 0.2 * light.day);
  canvas.rect(x + 96, y + 13, 44, 1.4, [255, 255, 255], 0.24 + 0.2 * light.day);
  canvas.glow(x + 40, y - 24, 8, [255, 246, 220], light.night);
  canvas.glow(x + 4, y - 2, 6, [255, 70, 60], light.night);
}

function drawBeacons(canvas: YuvCanvas, seconds: number, light: Light): void {
  const level = (seconds % 2 < 1 ? 1 : 0.25) * Math.max(0.25, light.night);
  for (const x of towers) {
    canvas.disc(x + 1, towerTop - 3, 2.4, [255, 60, 50], 0.4, level);
    canvas.glow(x + 1, towerTop - 3, 15, [255, 60, 50], level * 0.8 * light.night);
  }
}
