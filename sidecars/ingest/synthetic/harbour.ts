import { Clouds, hazed, paintSky, ridge } from './backdrop.ts';
import { clamp01, lit, mix, seeded, type Light, type Rgb } from './light.ts';
import { sceneHeight, sceneWidth, type Painting } from './painting.ts';
import { crossing, type Scene } from './scene.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const horizon = 178;
const quay = 214;
const boxes: readonly Rgb[] = [
  [176, 58, 46],
  [38, 94, 140],
  [214, 148, 52],
  [64, 122, 88],
  [150, 152, 156],
];
const glintCount = 170;

/** Water with a quay of cranes, ships that come and go, a lighthouse. */
export function harbour(): Scene {
  const random = seeded(5);
  const glints = Array.from({ length: glintCount }, () => ({
    x: random() * sceneWidth,
    depth: random() ** 0.8,
    phase: random() * 6.28,
    pace: 0.6 + random() * 1.6,
  }));
  const clouds = new Clouds([
    { seed: 21, y: 26, width: 170, height: 62, period: 420, phase: 0.15 },
    { seed: 27, y: 62, width: 120, height: 40, period: 300, phase: 0.6 },
  ]);

  return {
    paint(painting, light) {
      paintSky(painting, light, horizon + 2);
      painting.polygon(ridge({ seed: 3, base: horizon + 2, height: 44 }), hazed(light, [70, 96, 116], 0.55));
      painting.polygon(ridge({ seed: 8, base: horizon + 2, height: 20 }), hazed(light, [52, 78, 82], 0.28));
      paintWater(painting, light);
      paintQuay(painting, light);
      paintLighthouse(painting, light);
    },
    draw(canvas, seconds, light) {
      clouds.draw(canvas, seconds, light);
      for (const glint of glints) {
        const spark = Math.sin(seconds * glint.pace * 2.4 + glint.phase);
        if (spark < 0.15) continue;
        const y = quay + 10 + glint.depth * (sceneHeight - quay - 28);
        const x = glint.x + 5 * Math.sin(seconds * 0.5 + glint.phase);
        const colour = mix(light.skyHorizon, [255, 250, 232], 0.35 + 0.4 * light.day);
        canvas.rect(x, y, 3 + glint.depth * 11, 1 + glint.depth, colour, spark * (0.16 + 0.34 * glint.depth));
      }
      drawTrolleys(canvas, seconds, light);
      drawShips(canvas, seconds, light);
      drawBeacon(canvas, seconds, light);
    },
  };
}

function paintWater(painting: Painting, light: Light): void {
  const near = mix(lit(light, [22, 62, 84]), light.skyTop, 0.25);
  painting.gradient(horizon, sceneHeight, mix(light.skyHorizon, lit(light, [60, 110, 130]), 0.35), near);
  const random = seeded(77);
  for (let wave = 0; wave < 260; wave += 1) {
    const depth = random();
    const y = horizon + 4 + depth * (sceneHeight - horizon - 4);
    const tone: Rgb = random() > 0.5 ? [255, 255, 255] : [4, 14, 26];
    painting.rect(random() * sceneWidth - 20, y, 14 + depth * 70, 0.8 + depth * 1.4, tone, 0.05);
  }
}

function paintQuay(painting: Painting, light: Light): void {
  const random = seeded(31);
  painting.rect(0, quay - 16, 452, 18, lit(light, [84, 84, 86]));
  painting.rect(0, quay + 2, 452, 7, lit(light, [46, 46, 50]));
  for (let stack = 0; stack < 24; stack += 1) {
    const rows = 1 + Math.floor(random() * 4);
    for (let row = 0; row < rows; row += 1) {
      const colour = boxes[Math.floor(random() * boxes.length)] ?? [150, 150, 150];
      painting.rect(6 + stack * 18, quay - 22 - row * 7, 17, 6.4, lit(light, colour));
      painting.rect(6 + stack * 18, quay - 17 - row * 7, 17, 1.2, lit(light, [20, 22, 26]), 0.35);
    }
  }
  for (const x of [70, 208, 346]) paintCrane(painting, light, x);
  // Lamps of the quay, and what the water makes of them.
  for (let lamp = 0; lamp < 9; lamp += 1) {
    const x = 24 + lamp * 51;
    painting.rect(x, quay - 46, 1.4, 32, lit(light, [60, 62, 66]));
    painting.disc(x, quay - 46, 17, [255, 206, 130], 1, 0.75 * light.night);
    painting.rect(x - 1, quay - 47, 3, 2, [255, 232, 180], light.night);
    for (let ripple = 0; ripple < 9; ripple += 1) {
      painting.rect(
        x - 3 + (ripple % 3),
        quay + 12 + ripple * 7,
        6,
        2,
        [255, 206, 130],
        light.night * (0.42 - ripple * 0.04),
      );
    }
  }
}

const craneTop = 84;
function paintCrane(painting: Painting, light: Light, x: number): void {
  const steel = hazed(light, [196, 74, 52], 0.08);
  const dark = hazed(light, [120, 46, 38], 0.08);
  for (const leg of [x, x + 44]) painting.rect(leg, craneTop + 24, 4, quay - craneTop - 40, steel);
  painting.line([x + 2, quay - 30], [x + 46, craneTop + 62], 2.4, dark);
  painting.rect(x, craneTop + 62, 48, 4, steel);
  painting.rect(x - 34, craneTop + 20, 148, 4.4, steel);
  painting.rect(x + 8, craneTop + 10, 20, 11, dark);
  painting.line([x + 22, craneTop - 8], [x + 112, craneTop + 21], 1.6, steel);
  painting.line([x + 22, craneTop - 8], [x - 33, craneTop + 21], 1.6, steel);
  painting.line([x + 22, craneTop - 8], [x + 22, craneTop + 22], 3, steel);
  painting.disc(x + 22, craneTop - 9, 7, [255, 60, 40], 1, 0.9 * light.night);
  painting.disc(x + 110, craneTop + 20, 6, [255, 60, 40], 1, 0.8 * light.night);
}

function paintLighthouse(painting: Painting, light: Light): void {
  painting.polygon(
    [
      [528, 222],
      [540, 208],
      [604, 206],
      [640, 216],
      [640, 232],
      [528, 232],
    ],
    lit(light, [58, 60, 58]),
  );
  painting.polygon(
    [
      [563, 208],
      [566, 150],
      [580, 150],
      [583, 208],
    ],
    lit(light, [236, 234, 228]),
  );
  painting.polygon(
    [
      [564.2, 186],
      [565.1, 168],
      [580.9, 168],
      [581.8, 186],
    ],
    lit(light, [190, 44, 40]),
  );
  painting.rect(563, 147, 20, 3, lit(light, [40, 40, 44]));
  painting.rect(567, 138, 12, 9, lit(light, [252, 230, 168], 1));
  painting.polygon(
    [
      [565, 138],
      [573, 130],
      [581, 138],
    ],
    lit(light, [190, 44, 40]),
  );
}

function drawTrolleys(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (const [index, x] of [70, 208, 346].entries()) {
    const swing = Math.sin(seconds * 0.16 + index * 2.1);
    const at = x + 38 + swing * 62;
    const drop = 34 + 30 * Math.sin(seconds * 0.23 + index * 1.3);
    canvas.rect(at, craneTop + 24, 9, 4, lit(light, [50, 50, 54]));
    canvas.rect(at + 1, craneTop + 28, 1, drop, lit(light, [40, 40, 44]), 0.9);
    canvas.rect(at + 7, craneTop + 28, 1, drop, lit(light, [40, 40, 44]), 0.9);
    canvas.rect(at - 4, craneTop + 28 + drop, 17, 7, lit(light, boxes[index] ?? [150, 150, 150]));
  }
}

function drawShips(canvas: YuvCanvas, seconds: number, light: Light): void {
  const far = crossing({ seconds, period: 190, phase: 0.3, from: -150, to: sceneWidth + 20 });
  drawFreighter(canvas, far.x, 219 + Math.sin(seconds * 0.6) * 0.8, light);
  const tug = crossing({ seconds, period: 74, phase: 0.1, from: sceneWidth + 40, to: -70 });
  drawTug(canvas, tug.x, 266 + Math.sin(seconds * 1.5) * 1.4, light);
  const sail = crossing({ seconds, period: 122, phase: 0.55, from: -40, to: sceneWidth + 30 });
  drawSail(canvas, sail.x, 306 + Math.sin(seconds * 1.1) * 1.8, light);
}

function drawFreighter(canvas: YuvCanvas, x: number, y: number, light: Light): void {
  const hull = lit(light, [34, 44, 62]);
  for (let row = 0; row < 13; row += 1) canvas.rect(x + row * 0.8, y + row, 132 - row * 1.5, 1.2, hull);
  canvas.rect(x + 10, y + 12, 116, 2, lit(light, [142, 48, 40]));
  for (let stack = 0; stack < 6; stack += 1) {
    for (let row = 0; row < 2 + ((stack * 7) % 3); row += 1) {
      canvas.rect(
        x + 28 + stack * 16,
        y - 6 - row * 6,
        15,
        5.4,
        lit(light, boxes[(stack + row * 2) % boxes.length] ?? hull),
      );
    }
  }
  canvas.rect(x + 5, y - 22, 17, 22, lit(light, [226, 226, 222]));
  canvas.rect(x + 7, y - 18, 13, 2, lit(light, [255, 224, 150], 1), 0.4 + 0.6 * light.night);
  canvas.rect(x + 11, y - 32, 5, 10, lit(light, [196, 74, 52]));
  canvas.glow(x + 13, y - 34, 7, [255, 240, 210], light.night);
  canvas.glow(x + 129, y - 3, 7, [90, 255, 130], light.night * 0.9);
  canvas.rect(x + 4, y + 15, 128, 3, [4, 10, 18], 0.22);
}

function drawTug(canvas: YuvCanvas, x: number, y: number, light: Light): void {
  canvas.rect(x + 46, y + 10, 90, 2, [255, 255, 255], 0.12 + 0.2 * light.day);
  canvas.rect(x + 40, y + 12, 60, 1.6, [255, 255, 255], 0.2 + 0.3 * light.day);
  for (let row = 0; row < 11; row += 1)
    canvas.rect(x + row * 0.7, y + row, 50 - row * 1.1, 1.2, lit(light, [150, 44, 38]));
  canvas.rect(x + 1, y - 1.5, 48, 2, lit(light, [236, 232, 220]));
  canvas.rect(x + 12, y - 14, 18, 13, lit(light, [238, 234, 224]));
  canvas.rect(x + 14, y - 11, 14, 4, lit(light, [255, 226, 150], 1));
  canvas.rect(x + 33, y - 12, 5, 11, lit(light, [40, 40, 44]));
  canvas.glow(x + 20, y - 19, 9, [255, 248, 224], light.night);
  canvas.glow(x + 2, y - 3, 7, [255, 70, 60], light.night);
}

function drawSail(canvas: YuvCanvas, x: number, y: number, light: Light): void {
  for (let row = 0; row < 40; row += 1) {
    canvas.rect(x + 15 - row * 0.3, y - 44 + row, row * 0.62 + 0.8, 1.2, lit(light, [246, 244, 236]));
    canvas.rect(x + 18.4, y - 40 + row, row * 0.36 + 0.6, 1.2, lit(light, [226, 230, 234]));
  }
  canvas.rect(x + 16.6, y - 46, 1.4, 46, lit(light, [90, 70, 52]));
  for (let row = 0; row < 7; row += 1) canvas.rect(x + row, y + row, 38 - row * 1.8, 1.2, lit(light, [30, 66, 104]));
  canvas.rect(x + 3, y + 9, 34, 2, [4, 10, 18], 0.25);
  canvas.glow(x + 17, y - 47, 6, [255, 246, 226], light.night);
}

function drawBeacon(canvas: YuvCanvas, seconds: number, light: Light): void {
  const turn = (seconds % 5) / 5;
  const flash = clamp01(1 - Math.abs(turn - 0.5) * 7);
  canvas.glow(
    573,
    142,
    10 + 34 * flash,
    [255, 240, 190],
    (0.2 + 0.75 * flash) * Math.max(light.night, light.dusk * 0.6),
  );
}
