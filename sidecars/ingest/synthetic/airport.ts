import { Clouds, hazed, paintSky, ridge } from './backdrop.ts';
import { clamp01, lit, mix, seeded, type Light, type Rgb } from './light.ts';
import { sceneHeight, sceneWidth, type Painting } from './painting.ts';
import { crossing, type Scene } from './scene.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const horizon = 196;
const runway = 232;
const apron = 286;
const tails: readonly Rgb[] = [
  [206, 44, 52],
  [28, 84, 160],
  [34, 130, 96],
  [240, 170, 40],
];

/** An airfield from the terrace: take-offs and landings by turns, taxiing, service cars, runway lights after dusk. */
export function airport(): Scene {
  const clouds = new Clouds([
    { seed: 221, y: 16, width: 210, height: 62, period: 300, phase: 0.05 },
    { seed: 227, y: 60, width: 150, height: 44, period: 240, phase: 0.5 },
    { seed: 229, y: 98, width: 110, height: 30, period: 190, phase: 0.85 },
  ]);
  return {
    paint(painting, light) {
      paintSky(painting, light, horizon);
      painting.polygon(ridge({ seed: 91, base: horizon + 1, height: 26 }), hazed(light, [78, 100, 104], 0.55));
      painting.gradient(horizon, sceneHeight, lit(light, [96, 124, 74]), lit(light, [82, 108, 66]));
      paintTerminal(painting, light);
      paintGround(painting, light);
      paintLights(painting, light);
    },
    draw(canvas, seconds, light) {
      clouds.draw(canvas, seconds, light);
      drawRadar(canvas, seconds, light);
      drawFlight(canvas, seconds, light);
      drawStrobes(canvas, seconds, light);
      drawTaxi(canvas, seconds, light);
      drawCars(canvas, seconds, light);
      drawSock(canvas, seconds, light);
    },
  };
}

function paintTerminal(painting: Painting, light: Light): void {
  painting.rect(24, 166, 188, 34, hazed(light, [176, 180, 184], 0.18));
  painting.polygon(
    [
      [16, 168],
      [118, 150],
      [220, 168],
    ],
    hazed(light, [208, 212, 216], 0.18),
  );
  for (let pane = 0; pane < 22; pane += 1) {
    const glassColour = mix(hazed(light, [92, 122, 146], 0.2), [255, 222, 160], light.night * 0.85);
    painting.rect(29 + pane * 8.2, 172, 6.4, 20, glassColour);
  }
  painting.rect(262, 112, 10, 88, hazed(light, [196, 198, 200], 0.14));
  painting.polygon(
    [
      [252, 112],
      [257, 96],
      [277, 96],
      [282, 112],
    ],
    mix(hazed(light, [70, 96, 116], 0.14), [255, 226, 160], light.night * 0.6),
  );
  painting.rect(255, 92, 24, 5, hazed(light, [206, 208, 210], 0.14));
  painting.rect(430, 168, 120, 32, hazed(light, [150, 158, 164], 0.2));
  painting.rect(446, 176, 88, 24, hazed(light, [96, 104, 112], 0.2));
}

function paintGround(painting: Painting, light: Light): void {
  painting.rect(0, runway - 8, sceneWidth, 20, lit(light, [92, 94, 98]));
  for (let dash = 0; dash < 18; dash += 1)
    painting.rect(dash * 38 + 6, runway + 1, 20, 1.8, lit(light, [228, 228, 222]));
  painting.rect(0, runway - 7, sceneWidth, 1, lit(light, [224, 224, 218]));
  painting.rect(0, runway + 10, sceneWidth, 1, lit(light, [224, 224, 218]));
  painting.polygon(
    [
      [0, apron - 8],
      [sceneWidth, apron - 14],
      [sceneWidth, 344],
      [0, 352],
    ],
    lit(light, [120, 122, 124]),
  );
  painting.rect(0, apron + 14, sceneWidth, 1.8, lit(light, [236, 196, 60]));
  const random = seeded(301);
  for (let slab = 0; slab < 60; slab += 1) {
    painting.rect(
      random() * sceneWidth,
      apron - 4 + random() * 56,
      30 + random() * 40,
      1,
      lit(light, [92, 94, 96]),
      0.5,
    );
  }
}

function paintLights(painting: Painting, light: Light): void {
  for (let lamp = 0; lamp < 32; lamp += 1) {
    for (const y of [runway - 8, runway + 12]) {
      painting.disc(lamp * 20.6 + 4, y, 7, [255, 240, 200], 1, light.night * 0.9);
    }
    painting.disc(lamp * 20.6 + 4, apron + 15, 5, [70, 130, 255], 1, light.night * 0.95);
  }
  for (const x of [60, 330, 590]) {
    painting.rect(x, 150, 2.4, 136, lit(light, [104, 108, 112]));
    painting.rect(x - 9, 148, 20, 4, lit(light, [84, 88, 92]));
    painting.disc(x + 1, 152, 30, [255, 236, 196], 1, light.night * 0.9);
    painting.disc(x + 1, 318, 110, [255, 226, 176], 1, light.night * 0.26);
  }
}

/** An airliner seen from the side; `nose` 1 to the right, `pitch` its rise over its length. */
function drawPlane(
  canvas: YuvCanvas,
  plane: { x: number; y: number; size: number; nose: 1 | -1; pitch: number; tail: Rgb; gear: boolean },
  light: Light,
): void {
  const { x, y, size, nose, pitch, tail, gear } = plane;
  const white = lit(light, [242, 244, 246]);
  const at = (along: number, up: number, width: number, height: number, colour: Rgb, alpha = 1) => {
    const left = nose > 0 ? x + along * size : x - (along + width) * size;
    canvas.rect(left, y - (up + along * pitch) * size, width * size, height * size, colour, alpha);
  };
  for (let along = -30; along < 30; along += 3) {
    const taper = along < -18 ? 1 - (-18 - along) / 15 : along > 22 ? 1 - (along - 22) / 11 : 1;
    at(along, 4 * taper, 3.2, 7.6 * taper, white);
    at(along, -1.6 * taper, 3.2, 1.8 * taper, lit(light, [176, 182, 188]));
    if (along > -22 && along < 21)
      at(along + 0.7, 2.2, 1.4, 1.6, mix(lit(light, [66, 86, 104]), [255, 230, 170], light.night));
  }
  for (let row = 0; row < 13; row += 1) at(-30 + row * 0.6, 4 + row, 9 - row * 0.45, 1.3, lit(light, tail));
  at(-31, 5, 9, 1.6, lit(light, [210, 214, 218]));
  for (let row = 0; row < 8; row += 1)
    at(-8 - row * 1.3, -1 - row * 0.5, 15 - row * 0.8, 1.2, lit(light, [196, 202, 208]));
  at(-3, -3.4, 10, 4.4, lit(light, [150, 156, 162]));
  if (gear) {
    for (const wheel of [-6, 22]) {
      at(wheel, -3, 1, 5, lit(light, [70, 74, 78]));
      at(wheel - 1, -7, 3, 3, [22, 24, 26]);
    }
  }
  const noseX = x + nose * 31 * size;
  canvas.glow(noseX, y - 31 * pitch * size, 20 * size, [255, 250, 226], 0.25 + 0.7 * light.night);
  canvas.glow(x, y + 2 * size, 7, [255, 60, 50], light.night * 0.8);
}

/** By turns one lands from the left and one takes off to the right. */
function drawFlight(canvas: YuvCanvas, seconds: number, light: Light): void {
  const { x: share, round } = crossing({ seconds, period: 27, phase: 0.4, from: 0, to: 1 });
  const tail = tails[((round % 4) + 4) % 4] ?? [206, 44, 52];
  const isLanding = round % 2 === 0;
  if (isLanding) {
    const down = clamp01(share / 0.55);
    const x = -60 + share * 780 - clamp01((share - 0.55) / 0.45) * 60;
    const flare = (1 - down) ** 1.3;
    drawPlane(
      canvas,
      { x, y: runway - 8 - flare * 120, size: 1, nose: 1, pitch: 0.04 + 0.06 * (1 - flare), tail, gear: true },
      light,
    );
    if (share > 0.55 && share < 0.63)
      canvas.disc(x - 8, runway, 14, [230, 230, 232], 1, 0.6 * (1 - (share - 0.55) / 0.08));
  } else {
    const run = share ** 1.6;
    const climb = clamp01((share - 0.55) / 0.45) ** 1.5;
    drawPlane(
      canvas,
      {
        x: -60 + run * 800,
        y: runway - 8 - climb * 150,
        size: 1,
        nose: 1,
        pitch: climb > 0 ? 0.12 + climb * 0.12 : 0.01,
        tail,
        gear: climb < 0.4,
      },
      light,
    );
  }
}

function drawTaxi(canvas: YuvCanvas, seconds: number, light: Light): void {
  const { x, round } = crossing({ seconds, period: 58, phase: 0.15, from: sceneWidth + 90, to: -90 });
  canvas.rect(x - 46, apron + 15, 92, 4, [0, 0, 0], 0.28);
  drawPlane(
    canvas,
    {
      x,
      y: apron + 2,
      size: 1.7,
      nose: -1,
      pitch: 0,
      tail: tails[(((round + 1) % 4) + 4) % 4] ?? [30, 90, 160],
      gear: true,
    },
    light,
  );
  if (seconds % 1.1 < 0.12) canvas.glow(x, apron - 6, 18, [255, 70, 60], 0.9);
}

function drawCars(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (let car = 0; car < 3; car += 1) {
    const { x } = crossing({ seconds, period: 21 + car * 6, phase: car * 0.4, from: -60, to: sceneWidth + 40 });
    const y = 330 + car * 3;
    canvas.rect(x, y - 9, 20, 9, lit(light, [238, 200, 60]));
    canvas.rect(x + 13, y - 13, 7, 6, lit(light, [70, 96, 116]));
    for (let cart = 1; cart < 3; cart += 1) canvas.rect(x - cart * 18, y - 7, 15, 7, lit(light, [150, 154, 158]));
    canvas.glow(x + 22, y - 4, 12, [255, 246, 214], light.night * 0.8);
    canvas.glow(x + 16, y - 15, 8, [255, 170, 40], seconds % 1 < 0.5 ? 0.9 : 0.1);
  }
}

function drawStrobes(canvas: YuvCanvas, seconds: number, light: Light): void {
  const lit1 = Math.floor(((seconds * 2) % 1) * 8);
  for (let lamp = 0; lamp < 8; lamp += 1) {
    if (lamp === lit1) canvas.glow(4 + lamp * 9, runway + 2, 10, [255, 255, 255], 0.4 + 0.5 * light.night);
  }
}

function drawRadar(canvas: YuvCanvas, seconds: number, light: Light): void {
  const turn = Math.cos(seconds * 1.6);
  canvas.rect(266, 84, 2, 9, lit(light, [90, 94, 98]));
  canvas.rect(
    267 - 14 * Math.abs(turn),
    80,
    28 * Math.abs(turn),
    5,
    lit(light, turn > 0 ? [210, 70, 56] : [150, 52, 44]),
  );
  canvas.glow(267, 76, 8, [255, 60, 50], light.night * (seconds % 2 < 1 ? 1 : 0.2));
}

function drawSock(canvas: YuvCanvas, seconds: number, light: Light): void {
  canvas.rect(610, 220, 1.6, 36, lit(light, [200, 200, 200]));
  for (let ring = 0; ring < 6; ring += 1) {
    const wave = Math.sin(seconds * 3 - ring * 0.7) * ring * 0.6;
    canvas.rect(
      604 - ring * 5,
      220 + wave + ring * 0.8,
      5,
      7 - ring * 0.6,
      lit(light, ring % 2 === 0 ? [240, 120, 50] : [246, 246, 242]),
    );
  }
}
