import { Clouds, hazed, paintSky, ridge } from './backdrop.ts';
import { lit, mix, seeded, type Light, type Rgb } from './light.ts';
import { type Painting, type Point } from './painting.ts';
import { crossing, type Scene } from './scene.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const cableFrom: Point = [40, 300];
const cableTo: Point = [560, 92];
const suits: readonly Rgb[] = [
  [224, 64, 56],
  [46, 110, 190],
  [240, 190, 60],
  [70, 160, 100],
];
const peaks: readonly (readonly Point[])[] = [
  [
    [250, 230],
    [330, 120],
    [372, 96],
    [410, 132],
    [476, 60],
    [520, 38],
    [556, 74],
    [640, 150],
    [640, 230],
  ],
  [
    [0, 210],
    [60, 150],
    [112, 118],
    [150, 150],
    [220, 208],
    [280, 236],
    [0, 250],
  ],
];

/** Snow peaks with a cable car, skiers on the piste by day, a groomer with lamps by night, a hut whose chimney smokes. */
export function mountain(): Scene {
  const clouds = new Clouds([
    { seed: 191, y: 96, width: 220, height: 46, period: 240, phase: 0.35 },
    { seed: 197, y: 30, width: 160, height: 50, period: 320, phase: 0.75 },
  ]);
  return {
    paint(painting, light) {
      paintSky(painting, light, 240);
      painting.polygon(ridge({ seed: 71, base: 236, height: 96, step: 3 }), hazed(light, [150, 166, 186], 0.6));
      painting.rect(0, 234, 640, 60, hazed(light, [120, 132, 150], 0.4));
      for (const peak of peaks) paintPeak(painting, light, peak);
      paintPiste(painting, light);
      paintForest(painting, light);
      paintHut(painting, light);
      paintCable(painting, light);
    },
    draw(canvas, seconds, light) {
      clouds.draw(canvas, seconds, light);
      drawCabins(canvas, seconds, light);
      if (light.day > 0.3) drawSkiers(canvas, seconds, light);
      else drawGroomer(canvas, seconds);
      drawSmoke(canvas, seconds, light);
    },
  };
}

/** Alpenglow: what is high takes the colour of a low sun. */
function snow(light: Light, share = 0): Rgb {
  return mix(lit(light, [240, 245, 252]), [255, 150, 110], light.dusk * 0.4 * (1 - share));
}

function paintPeak(painting: Painting, light: Light, peak: readonly Point[]): void {
  painting.polygon(peak, hazed(light, [104, 112, 128], 0.25));
  const random = seeded(peak.length * 13);
  for (const [index, [x, y]] of peak.entries()) {
    const [nx, ny] = peak[index + 1] ?? [x, y];
    if (y > 200 || ny > 230) continue;
    for (let streak = 0; streak < 9; streak += 1) {
      const share = random();
      const [sx, sy] = [x + (nx - x) * share, y + (ny - y) * share];
      const length = 14 + random() * 44;
      const lean = (random() - 0.5) * 22;
      painting.polygon(
        [
          [sx - 5, sy - 1],
          [sx + 6, sy + 1],
          [sx + lean, sy + length],
        ],
        snow(light),
        0.85,
      );
    }
  }
}

function paintPiste(painting: Painting, light: Light): void {
  painting.polygon(
    [
      [0, 262],
      [170, 232],
      [360, 214],
      [640, 200],
      [640, 360],
      [0, 360],
    ],
    snow(light, 0.5),
  );
  painting.polygon(
    [
      [250, 222],
      [420, 212],
      [560, 360],
      [180, 360],
    ],
    mix(snow(light, 0.5), light.skyTop, 0.12),
  );
  for (let line = 0; line < 26; line += 1) {
    painting.line([262 + line * 6, 221], [184 + line * 14.6, 360], 0.7, lit(light, [170, 188, 214]), 0.35);
  }
}

function paintForest(painting: Painting, light: Light): void {
  const random = seeded(211);
  for (let tree = 0; tree < 130; tree += 1) {
    const left = random() < 0.5;
    const x = left ? random() * 190 : 480 + random() * 170;
    const base = 244 + random() * 106;
    const height = 12 + (base - 230) * 0.28;
    if (left ? x > 250 - (base - 222) * 0.7 : x < 420 + (base - 212)) continue;
    for (let tier = 0; tier < 3; tier += 1) {
      const top = base - height + (tier * height) / 4;
      const wide = height * (0.16 + tier * 0.09);
      painting.polygon(
        [
          [x - wide, top + height * 0.42],
          [x, top],
          [x + wide, top + height * 0.42],
        ],
        lit(light, [30, 58 + tier * 6, 46]),
      );
      painting.polygon(
        [
          [x - wide * 0.6, top + height * 0.22],
          [x, top],
          [x + wide * 0.35, top + height * 0.2],
        ],
        snow(light, 0.7),
        0.75,
      );
    }
  }
}

function paintHut(painting: Painting, light: Light): void {
  painting.rect(470, 268, 54, 30, lit(light, [112, 78, 54]));
  painting.polygon(
    [
      [460, 272],
      [497, 244],
      [534, 272],
    ],
    snow(light, 0.6),
  );
  for (let pane = 0; pane < 3; pane += 1) painting.rect(477 + pane * 16, 278, 9, 9, lit(light, [255, 214, 140], 1));
  painting.disc(497, 284, 52, [255, 206, 130], 1, light.night * 0.55);
  painting.rect(512, 246, 6, 14, lit(light, [120, 112, 106]));
}

function cableAt(share: number): Point {
  const sag = Math.sin(share * Math.PI) * 16;
  return [cableFrom[0] + (cableTo[0] - cableFrom[0]) * share, cableFrom[1] + (cableTo[1] - cableFrom[1]) * share + sag];
}

function paintCable(painting: Painting, light: Light): void {
  const steel = lit(light, [58, 62, 70]);
  for (let step = 0; step < 40; step += 1) painting.line(cableAt(step / 40), cableAt((step + 1) / 40), 1, steel);
  for (const share of [0.28, 0.64]) {
    const [x, y] = cableAt(share);
    painting.rect(x - 1.6, y - 4, 3.2, 76, steel);
    painting.rect(x - 9, y - 4, 18, 2.4, steel);
  }
  painting.rect(548, 82, 34, 26, hazed(light, [120, 118, 118], 0.15));
  painting.rect(554, 88, 8, 8, [255, 224, 160], 0.3 + 0.7 * light.night);
}

function drawCabins(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (let cabin = 0; cabin < 5; cabin += 1) {
    const { x: share, round } = crossing({ seconds, period: 46, phase: cabin / 5, from: 0.02, to: 0.96 });
    const [x, y] = cableAt(cabin % 2 === 0 ? share : 0.98 - share);
    const size = 1 - 0.45 * (cabin % 2 === 0 ? share : 1 - share);
    canvas.rect(x - 0.6, y, 1.2, 9 * size, [50, 54, 60]);
    canvas.rect(
      x - 8 * size,
      y + 9 * size,
      16 * size,
      13 * size,
      lit(light, suits[(cabin + round) % 2] ?? [220, 60, 60]),
    );
    canvas.rect(
      x - 7 * size,
      y + 11 * size,
      14 * size,
      5 * size,
      mix(lit(light, [90, 130, 160]), [255, 228, 170], light.night * 0.8),
    );
    canvas.glow(x, y + 14 * size, 12 * size, [255, 228, 170], light.night * 0.4);
  }
}

function drawSkiers(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (let skier = 0; skier < 9; skier += 1) {
    const { x: share } = crossing({ seconds, period: 13 + (skier % 4) * 2.4, phase: skier * 0.31, from: 0, to: 1 });
    const down = share ** 1.5;
    const y = 222 + down * 140;
    const wide = 60 + down * 150;
    const turn = Math.sin(share * 15 + skier * 1.4);
    const x = 340 + (skier - 4) * 12 * (0.4 + down) + turn * wide * 0.24;
    const size = 0.45 + down * 1.1;
    canvas.rect(x - 6 * size, y, 11 * size, 1.2, lit(light, [40, 40, 48]));
    canvas.rect(x - 2 * size, y - 8 * size, 4 * size, 8 * size, lit(light, suits[skier % 4] ?? [220, 60, 60]));
    canvas.disc(x, y - 10 * size, 2.2 * size, lit(light, [34, 36, 44]), 0.3, 1);
    canvas.rect(x - turn * 12 * size - 5 * size, y - 1, 9 * size, 2 * size, [255, 255, 255], 0.6);
    canvas.rect(x - 6 * size, y + 1.4, 12 * size, 2, [70, 96, 140], 0.2);
  }
}

function drawGroomer(canvas: YuvCanvas, seconds: number): void {
  const { x: share } = crossing({ seconds, period: 60, phase: 0.2, from: 0, to: 1 });
  const y = 340 - share * 110;
  const x = 370 - share * 20;
  const size = 1.3 - share * 0.8;
  canvas.glow(x, y - 26 * size, 70 * size, [255, 246, 214], 0.5);
  canvas.rect(x - 15 * size, y - 12 * size, 30 * size, 12 * size, [190, 44, 40]);
  canvas.rect(x - 10 * size, y - 21 * size, 20 * size, 10 * size, [40, 46, 54]);
  canvas.glow(x - 8 * size, y - 12 * size, 14 * size, [255, 250, 230], 0.95);
  canvas.glow(x + 8 * size, y - 12 * size, 14 * size, [255, 250, 230], 0.95);
  if (seconds % 1 < 0.5) canvas.glow(x, y - 23 * size, 20 * size, [255, 170, 40], 0.9);
}

function drawSmoke(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (let puff = 0; puff < 9; puff += 1) {
    const age = (seconds * 0.14 + puff / 9) % 1;
    const x = 515 + age * 30 + Math.sin(seconds * 0.7 + puff) * 4 * age;
    canvas.disc(x, 244 - age * 54, 3 + age * 11, mix(light.skyHorizon, [246, 246, 248], 0.4), 1, (1 - age) * 0.5);
  }
}
