import { Clouds, hazed, paintSky, ridge } from './backdrop.ts';
import { lit, mix, seeded, type Light, type Rgb } from './light.ts';
import { sceneHeight, sceneWidth, type Painting } from './painting.ts';
import { crossing, type Scene } from './scene.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const horizon = 206;
const deck = 226;
const river = 306;
const carriageLength = 92;

/** A viaduct over a river: trains both ways under the wires, signals, the river's glints. */
export function railway(): Scene {
  const clouds = new Clouds([
    { seed: 151, y: 22, width: 160, height: 52, period: 330, phase: 0.7 },
    { seed: 157, y: 68, width: 120, height: 36, period: 250, phase: 0.2 },
  ]);
  const random = seeded(163);
  const glints = Array.from({ length: 60 }, () => ({
    x: random() * sceneWidth,
    y: river + 3 + random() * 32,
    phase: random() * 6.28,
  }));
  return {
    paint(painting, light) {
      paintSky(painting, light, horizon + 20);
      painting.polygon(ridge({ seed: 167, base: horizon + 8, height: 92, step: 3 }), hazed(light, [92, 116, 132], 0.5));
      painting.polygon(ridge({ seed: 173, base: horizon + 20, height: 56, step: 3 }), hazed(light, [66, 98, 80], 0.25));
      paintValley(painting, light);
      paintViaduct(painting, light);
    },
    draw(canvas, seconds, light) {
      clouds.draw(canvas, seconds, light);
      for (const glint of glints) {
        const spark = Math.sin(seconds * 2 + glint.phase);
        if (spark > 0.2)
          canvas.rect(
            glint.x + (seconds % 7),
            glint.y,
            12,
            1.2,
            mix(light.skyHorizon, [255, 255, 255], 0.3),
            spark * 0.4,
          );
      }
      const express = crossing({ seconds, period: 34, phase: 0.25, from: -1500, to: sceneWidth + 900 });
      drawTrain(
        canvas,
        { x: express.x, y: deck - 5, towards: 1, carriages: 7, colour: [232, 236, 240], band: [34, 84, 168] },
        light,
      );
      const local = crossing({ seconds, period: 58, phase: 0.62, from: sceneWidth + 700, to: -1000 });
      drawTrain(
        canvas,
        { x: local.x, y: deck, towards: -1, carriages: 4, colour: [214, 206, 188], band: [58, 132, 82] },
        light,
      );
      drawMasts(canvas, light);
      drawSignals(canvas, seconds, express.x, local.x);
    },
  };
}

function paintValley(painting: Painting, light: Light): void {
  painting.gradient(horizon + 14, river, lit(light, [92, 124, 72]), lit(light, [66, 98, 56]));
  painting.gradient(
    river,
    sceneHeight,
    mix(light.skyHorizon, lit(light, [64, 104, 116]), 0.5),
    lit(light, [34, 70, 84]),
  );
  painting.rect(0, river - 3, sceneWidth, 4, lit(light, [126, 112, 88]));
  const random = seeded(179);
  for (let bush = 0; bush < 110; bush += 1) {
    const y = horizon + 26 + random() * (river - horizon - 32);
    const size = 3 + ((y - horizon) / 100) * 7 * (0.5 + random());
    painting.disc(random() * sceneWidth, y, size, lit(light, [40 + random() * 34, 82 + random() * 36, 44]), 0.4);
  }
  for (const [x, colour] of [
    [66, [188, 92, 70]],
    [104, [206, 190, 150]],
    [536, [176, 104, 72]],
    [580, [150, 84, 70]],
  ] as const) {
    painting.rect(x, 268, 24, 16, lit(light, [226, 218, 200]));
    painting.polygon(
      [
        [x - 3, 269],
        [x + 12, 257],
        [x + 27, 269],
      ],
      lit(light, colour),
    );
    painting.rect(x + 4, 273, 5, 5, lit(light, [255, 216, 140], 1));
    painting.rect(x + 14, 273, 5, 5, lit(light, [255, 216, 140], 1), 0.5 + 0.5 * light.night);
    painting.disc(x + 12, 276, 24, [255, 206, 130], 1, light.night * 0.35);
  }
}

function paintViaduct(painting: Painting, light: Light): void {
  const stone = lit(light, [168, 154, 134]);
  const shade = lit(light, [118, 108, 96]);
  painting.rect(0, deck + 3, sceneWidth, 14, stone);
  painting.rect(0, deck + 3, sceneWidth, 2.4, lit(light, [196, 184, 164]));
  painting.rect(0, deck + 15, sceneWidth, 2, shade);
  for (let pier = 0; pier < 8; pier += 1) {
    const x = pier * 88 - 4;
    painting.polygon(
      [
        [x, deck + 16],
        [x + 16, deck + 16],
        [x + 19, sceneHeight - 28],
        [x - 3, sceneHeight - 28],
      ],
      stone,
    );
    painting.polygon(
      [
        [x + 11, deck + 16],
        [x + 16, deck + 16],
        [x + 19, sceneHeight - 28],
        [x + 13, sceneHeight - 28],
      ],
      shade,
    );
    // The spandrel above an arch: what a half circle leaves of a rectangle.
    const arch: [number, number][] = [];
    for (let step = 0; step <= 16; step += 1) {
      const angle = Math.PI - (Math.PI * step) / 16;
      arch.push([x + 52 + 36 * Math.cos(angle), deck + 52 - 36 * Math.sin(angle)]);
    }
    painting.polygon(
      [[x + 16, deck + 16], [x + 16, deck + 52], ...arch, [x + 88, deck + 52], [x + 88, deck + 16]],
      stone,
    );
    painting.rect(x - 8, river + 14, 32, 14, [4, 14, 20], 0.16);
  }
}

interface Train {
  x: number;
  y: number;
  towards: 1 | -1;
  carriages: number;
  colour: Rgb;
  band: Rgb;
}

function drawTrain(canvas: YuvCanvas, train: Train, light: Light): void {
  const { x, y, towards, carriages } = train;
  for (let index = 0; index < carriages; index += 1) {
    const left = x - towards * index * (carriageLength + 3);
    if (left > sceneWidth + 4 || left < -carriageLength - 4) continue;
    const isHead = index === 0;
    const isTail = index === carriages - 1;
    const slope = isHead || isTail ? 12 : 0;
    const nose = (isHead ? towards : -towards) > 0;
    for (let row = 0; row < 24; row += 2) {
      const cut = slope * Math.max(0, 1 - row / 14);
      canvas.rect(
        left + (nose ? 0 : cut),
        y - 24 + row,
        carriageLength - cut,
        2,
        lit(light, row >= 16 && row < 20 ? train.band : train.colour),
      );
    }
    for (let pane = 0; pane < 7; pane += 1) {
      const px = left + 9 + pane * 11.4;
      if (slope > 0 && (nose ? pane === 6 : pane === 0)) continue;
      canvas.rect(px, y - 19, 8, 7, mix(lit(light, [48, 62, 78]), [255, 232, 184], Math.max(light.night, 0.12)));
    }
    canvas.rect(left + 6, y, carriageLength - 12, 3, lit(light, [40, 42, 46]));
    const end = nose ? left + carriageLength : left;
    if (isHead) canvas.glow(end + towards * 6, y - 8, 26, [255, 248, 222], 0.25 + 0.65 * light.night);
    if (isTail) canvas.glow(end, y - 6, 9, [255, 50, 40], 0.3 + 0.6 * light.night);
    if (index % 3 === 1) {
      canvas.rect(left + 44, y - 32, 1.4, 8, lit(light, [50, 52, 58]));
      canvas.rect(left + 38, y - 32, 14, 1.2, lit(light, [50, 52, 58]));
    }
  }
}

function drawMasts(canvas: YuvCanvas, light: Light): void {
  const steel = lit(light, [70, 76, 82]);
  for (let mast = 0; mast < 6; mast += 1) {
    const x = 40 + mast * 118;
    canvas.rect(x, deck - 48, 2.4, 54, steel);
    canvas.rect(x - 12, deck - 44, 26, 1.4, steel);
  }
  canvas.rect(0, deck - 37, sceneWidth, 1, steel, 0.6);
  canvas.rect(0, deck - 42, sceneWidth, 1, steel, 0.35);
}

function drawSignals(canvas: YuvCanvas, seconds: number, express: number, local: number): void {
  const busy = [
    { x: 118, stop: express > -300 && express < sceneWidth + 700 },
    { x: 508, stop: local < sceneWidth + 300 && local > -500 },
  ];
  for (const { x, stop } of busy) {
    canvas.rect(x, deck - 26, 2, 30, [44, 46, 50]);
    canvas.rect(x - 3, deck - 40, 8, 16, [22, 24, 26]);
    const colour: Rgb = stop ? [255, 64, 52] : [74, 232, 128];
    canvas.glow(x + 1, deck - (stop ? 36 : 29), 9 + Math.sin(seconds * 3) * 0.4, colour, 0.5);
    canvas.disc(x + 1, deck - (stop ? 36 : 29), 2.6, colour, 0.3, 1);
  }
}
