import { Clouds, hazed, paintSky, ridge } from './backdrop.ts';
import { lit, mix, seeded, type Light, type Rgb } from './light.ts';
import { sceneHeight, sceneWidth, type Painting } from './painting.ts';
import { crossing, type Scene } from './scene.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const horizon = 200;
const kerb = 262;
const lanes = [
  { y: 276, period: 15, towards: 1, cars: 4 },
  { y: 306, period: 12, towards: -1, cars: 3 },
] as const;
const paints: readonly Rgb[] = [
  [196, 48, 44],
  [232, 232, 228],
  [44, 74, 128],
  [36, 38, 42],
  [222, 178, 52],
  [120, 140, 132],
];
const walls: readonly Rgb[] = [
  [150, 116, 96],
  [172, 162, 148],
  [112, 104, 112],
  [136, 76, 62],
  [186, 178, 160],
  [96, 112, 122],
];

/** A shopping street from across the road: houses whose windows light up one by one, cars, people, a traffic light. */
export function street(): Scene {
  const clouds = new Clouds([{ seed: 41, y: 14, width: 150, height: 50, period: 360, phase: 0.4 }]);
  return {
    paint(painting, light) {
      paintSky(painting, light, horizon);
      painting.polygon(ridge({ seed: 14, base: horizon, height: 30 }), hazed(light, [70, 90, 96], 0.5));
      paintTowers(painting, light);
      paintHouses(painting, light);
      paintRoad(painting, light);
    },
    draw(canvas, seconds, light) {
      clouds.draw(canvas, seconds, light);
      drawPeople(canvas, seconds, light);
      drawSignal(canvas, seconds);
      for (const [index, lane] of lanes.entries()) {
        for (let car = 0; car < lane.cars; car += 1) {
          const span: [number, number] = lane.towards > 0 ? [-90, sceneWidth + 60] : [sceneWidth + 60, -90];
          const { x, round } = crossing({
            seconds,
            period: lane.period + index,
            phase: car / lane.cars + 0.07 * Math.sin(car * 5),
            from: span[0],
            to: span[1],
          });
          drawCar(canvas, { x, y: lane.y, towards: lane.towards, kind: Math.abs(round * 7 + car * 3 + index) }, light);
        }
      }
    },
  };
}

function paintTowers(painting: Painting, light: Light): void {
  const random = seeded(19);
  for (let tower = 0; tower < 15; tower += 1) {
    const x = tower * 46 - 20 + random() * 16;
    const height = 60 + random() * 86;
    painting.rect(x, horizon - height, 34, height + 4, hazed(light, [84, 92, 108], 0.42));
    for (let window = 0; window < 26; window += 1) {
      const on = random() < 0.4;
      const [wx, wy] = [x + 4 + Math.floor(random() * 4) * 7.5, horizon - height + 8 + Math.floor(random() * 12) * 9];
      if (on && wy < horizon - 6) painting.rect(wx, wy, 3.4, 3.8, [255, 216, 150], light.night * 0.7);
    }
  }
}

function paintHouses(painting: Painting, light: Light): void {
  const random = seeded(53);
  for (let x = -12, house = 0; x < sceneWidth; house += 1) {
    const width = 62 + Math.floor(random() * 40);
    const top = 98 + Math.floor(random() * 60);
    const wall = walls[house % walls.length] ?? [140, 140, 140];
    painting.rect(x, top, width, kerb - 10 - top, lit(light, wall));
    painting.rect(x, top, width, 4, lit(light, mix(wall, [20, 20, 24], 0.5)));
    painting.rect(x + width - 3, top, 3, kerb - 10 - top, lit(light, [0, 0, 0]), 0.25);
    for (let wy = top + 12; wy < kerb - 52; wy += 22) {
      for (let wx = x + 9; wx < x + width - 14; wx += 17) {
        const on = random() < 0.5;
        const warm: Rgb = random() < 0.75 ? [255, 208, 132] : [206, 226, 255];
        painting.rect(wx - 1, wy - 1, 11, 14, lit(light, mix(wall, [255, 255, 255], 0.35)));
        painting.rect(wx, wy, 9, 12, mix(lit(light, [64, 84, 104]), light.skyHorizon, 0.25));
        if (on) painting.rect(wx, wy, 9, 12, warm, light.night * 0.92);
      }
    }
    paintShop(painting, light, { x, width, colour: paints[house % paints.length] ?? [200, 60, 60] });
    x += width;
  }
}

function paintShop(painting: Painting, light: Light, shop: { x: number; width: number; colour: Rgb }): void {
  const { x, width } = shop;
  painting.rect(x + 5, kerb - 40, width - 10, 30, mix(lit(light, [90, 110, 124]), [255, 226, 170], light.night * 0.85));
  painting.rect(x + width - 24, kerb - 36, 11, 26, lit(light, [58, 46, 40]));
  for (let stripe = 0; stripe * 8 < width - 6; stripe += 1) {
    const colour: Rgb = stripe % 2 === 0 ? shop.colour : [240, 238, 230];
    painting.rect(x + 3 + stripe * 8, kerb - 48, Math.min(8, width - 6 - stripe * 8), 9, lit(light, colour, 0.3));
  }
  painting.disc(x + width / 2, kerb - 22, 40, [255, 214, 140], 1, light.night * 0.22);
}

function paintRoad(painting: Painting, light: Light): void {
  painting.rect(0, kerb - 10, sceneWidth, 12, lit(light, [148, 144, 138]));
  painting.rect(0, kerb + 1, sceneWidth, 2, lit(light, [96, 94, 90]));
  painting.gradient(kerb + 3, sceneHeight, lit(light, [74, 76, 80]), lit(light, [50, 52, 56]));
  for (let dash = 0; dash < 12; dash += 1) painting.rect(dash * 58 + 8, 297, 30, 2.4, lit(light, [224, 222, 210]));
  for (let stripe = 0; stripe < 8; stripe += 1)
    painting.rect(486, kerb + 8 + stripe * 9.4, 42, 5, lit(light, [222, 220, 212]));
  for (const x of [40, 190, 340, 590]) {
    painting.rect(x, kerb - 82, 2.2, 84, lit(light, [52, 54, 58]));
    painting.rect(x, kerb - 82, 16, 2, lit(light, [52, 54, 58]));
    painting.disc(x + 16, kerb - 78, 34, [255, 214, 140], 1, light.night * 0.6);
    painting.disc(x + 14, kerb + 26, 62, [255, 206, 130], 1, light.night * 0.2);
    painting.rect(x + 12, kerb - 81, 7, 2.4, [255, 240, 204], light.night);
  }
  for (const x of [112, 264, 420]) {
    painting.rect(x + 7, kerb - 34, 4, 34, lit(light, [84, 62, 46]));
    for (const [dx, dy, r] of [
      [9, -46, 19],
      [-2, -38, 13],
      [20, -38, 13],
      [9, -58, 12],
    ] as const) {
      painting.disc(x + dx, kerb + dy, r, lit(light, [62, 108, 60]), 0.25);
    }
  }
}

function drawPeople(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (let person = 0; person < 9; person += 1) {
    const forward = person % 2 === 0;
    const { x } = crossing({
      seconds,
      period: 52 + person * 7,
      phase: person * 0.37,
      from: forward ? -12 : sceneWidth + 12,
      to: forward ? sceneWidth + 12 : -12,
    });
    const y = kerb - 6 + (person % 3) * 2;
    const stride = Math.sin(seconds * 6.4 + person) * 2.4;
    const coat = paints[(person * 5 + 2) % paints.length] ?? [60, 60, 60];
    canvas.rect(x - 1 - stride, y - 7, 2, 7, lit(light, [40, 42, 54]));
    canvas.rect(x + 1 + stride, y - 7, 2, 7, lit(light, [34, 36, 48]));
    canvas.rect(x - 2, y - 16, 6, 10, lit(light, coat));
    canvas.rect(x - 1, y - 20, 4, 4, lit(light, [216, 172, 140]));
  }
}

function drawSignal(canvas: YuvCanvas, seconds: number): void {
  const phase = seconds % 24;
  const on = phase < 11 ? 2 : phase < 13 ? 1 : 0;
  canvas.rect(540, kerb - 40, 2, 44, [50, 52, 56]);
  canvas.rect(536, kerb - 62, 10, 24, [24, 26, 28]);
  for (const [index, colour] of (
    [
      [255, 60, 48],
      [255, 190, 60],
      [70, 230, 120],
    ] as const
  ).entries()) {
    canvas.disc(541, kerb - 57.5 + index * 7.4, 3, colour, 0.3, index === on ? 1 : 0.14);
    if (index === on) canvas.glow(541, kerb - 57.5 + index * 7.4, 10, colour, 0.45);
  }
}

function drawCar(canvas: YuvCanvas, car: { x: number; y: number; towards: 1 | -1; kind: number }, light: Light): void {
  const { x, y, towards, kind } = car;
  const isBus = kind % 6 === 5;
  const [length, height] = isBus ? [84, 30] : [46, 12];
  const body = lit(light, isBus ? [206, 92, 44] : (paints[kind % paints.length] ?? [200, 200, 200]));
  const glass = mix(lit(light, [58, 76, 92]), [255, 224, 160], light.night * (isBus ? 0.8 : 0.15));
  canvas.rect(x - 2, y + 8, length + 4, 4, [0, 0, 0], 0.3);
  canvas.rect(x, y - height + 6, length, height, body);
  if (isBus) for (let pane = 0; pane < 6; pane += 1) canvas.rect(x + 4 + pane * 13, y - 19, 10, 10, glass);
  else {
    for (let row = 0; row < 9; row += 1)
      canvas.rect(x + 9 + (9 - row) * 0.7, y - 15 + row, 28 - (9 - row) * 1.4, 1.2, row < 1 ? body : glass);
    canvas.rect(x + 22, y - 15, 2, 9, body);
  }
  for (const wheel of [0.2, 0.78]) {
    canvas.disc(x + length * wheel, y + 7, 5.4, [18, 18, 20], 0.25, 1);
    canvas.disc(x + length * wheel, y + 7, 2.2, [130, 132, 136], 0.4, 1);
  }
  const front = towards > 0 ? x + length : x;
  const back = towards > 0 ? x : x + length;
  canvas.rect(front - 1.5, y - 2, 3, 3, [255, 246, 214], 0.5 + 0.5 * light.night);
  canvas.rect(back - 1.5, y - 2, 3, 3, [220, 40, 34], 0.7 + 0.3 * light.night);
  canvas.glow(front + towards * 9, y + 1, 22, [255, 240, 200], light.night * 0.6);
  canvas.glow(back, y, 10, [255, 50, 40], light.night * 0.7);
}
