import { lit, mix, seeded, type Light, type Rgb } from './light.ts';
import { sceneHeight, sceneWidth, type Painting, type Point } from './painting.ts';
import type { Scene } from './scene.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

/** Seconds of a round of the lights, and when in it people walk. */
const round = 36;
const walk = { from: 14, to: 32 };
const corners: readonly Point[] = [
  [150, 96],
  [500, 96],
  [574, 290],
  [70, 290],
];
const coats: readonly Rgb[] = [
  [40, 42, 50],
  [226, 226, 222],
  [176, 52, 48],
  [52, 84, 130],
  [196, 170, 120],
  [70, 98, 74],
];
const paints: readonly Rgb[] = [
  [232, 232, 228],
  [30, 32, 36],
  [186, 46, 42],
  [70, 96, 132],
  [222, 180, 60],
];
const walkers = 64;

/** A scramble crossing from above: cars while they may, then everybody in all directions at once; screens and lamps by night. */
export function plaza(): Scene {
  const random = seeded(409);
  const people = Array.from({ length: walkers }, (_, index) => {
    const from = Math.floor(random() * 4);
    return {
      from,
      to: (from + 1 + Math.floor(random() * 3)) % 4,
      late: random() * 7,
      pace: 0.8 + random() * 0.5,
      drift: [random() * 60 - 30, random() * 34 - 17] as const,
      coat: coats[index % coats.length] ?? [60, 60, 60],
      umbrella: random() < 0.8,
    };
  });
  return {
    paint(painting, light) {
      paintGround(painting, light);
      paintBuildings(painting, light);
    },
    draw(canvas, seconds, light) {
      drawScreens(canvas, seconds, light);
      const inRound = ((seconds % round) + round) % round;
      drawCars(canvas, seconds, light);
      for (const person of people) {
        const { x, y, moving } = placeOf(person, inRound, Math.floor(seconds / round));
        drawWalker(canvas, { x, y, moving, coat: person.coat, umbrella: person.umbrella, seconds }, light);
      }
      drawSignals(canvas, inRound);
    },
  };
}

function paintGround(painting: Painting, light: Light): void {
  painting.rect(0, 0, sceneWidth, sceneHeight, lit(light, [150, 146, 140]));
  const asphalt = lit(light, [70, 72, 78]);
  painting.polygon(
    [
      [176, 0],
      [474, 0],
      [600, sceneHeight],
      [44, sceneHeight],
    ],
    asphalt,
  );
  painting.polygon(
    [
      [0, 116],
      [sceneWidth, 116],
      [sceneWidth, 268],
      [0, 268],
    ],
    asphalt,
  );
  const white = lit(light, [226, 226, 220]);
  for (let stripe = 0; stripe < 17; stripe += 1) {
    painting.rect(154 + stripe * 20, 104, 10, 20, white);
    painting.rect(96 + stripe * 27, 268, 14, 24, white);
  }
  for (let stripe = 0; stripe < 9; stripe += 1) {
    painting.polygon(
      [
        [126 - stripe * 5.4, 122 + stripe * 16],
        [148 - stripe * 5.4, 122 + stripe * 16],
        [146 - stripe * 5.4, 130 + stripe * 16],
        [124 - stripe * 5.4, 130 + stripe * 16],
      ],
      white,
    );
    painting.polygon(
      [
        [500 + stripe * 5.4, 122 + stripe * 16],
        [522 + stripe * 5.4, 122 + stripe * 16],
        [524 + stripe * 5.4, 130 + stripe * 16],
        [502 + stripe * 5.4, 130 + stripe * 16],
      ],
      white,
    );
  }
  for (let bar = 0; bar < 15; bar += 1) {
    const share = bar / 15;
    const [ax, ay] = [168 + share * 320, 130 + share * 130];
    painting.polygon(
      [
        [ax, ay],
        [ax + 26, ay - 5],
        [ax + 32, ay],
        [ax + 6, ay + 5],
      ],
      white,
      0.9,
    );
  }
  for (const [x, y] of corners) painting.disc(x, y, 170, [255, 220, 160], 1, light.night * 0.5);
  painting.disc(sceneWidth / 2, 190, 330, [196, 190, 210], 1, light.night * 0.42);
}

function paintBuildings(painting: Painting, light: Light): void {
  const random = seeded(431);
  for (const [x, width] of [
    [0, 132],
    [516, 124],
  ] as const) {
    painting.rect(x, 0, width, 84, lit(light, [112, 112, 120]));
    for (let row = 0; row < 6; row += 1) {
      for (let column = 0; column < 10; column += 1) {
        const on = random() < 0.6;
        painting.rect(
          x + 6 + column * 12,
          6 + row * 13,
          8,
          8,
          mix(lit(light, [76, 92, 110]), [255, 222, 160], on ? light.night * 0.9 : 0),
        );
      }
    }
    painting.rect(x, 80, width, 8, lit(light, [190, 70, 60], 0.8));
  }
  for (const [x, y] of [
    [26, 306],
    [610, 300],
    [20, 100],
    [622, 98],
  ] as const) {
    painting.disc(x + 6, y + 8, 22, [20, 20, 20], 0.8, 0.3 * light.day);
    painting.disc(x, y, 18, lit(light, [58, 104, 58]), 0.25);
    painting.disc(x - 5, y - 4, 9, lit(light, [84, 136, 76]), 0.4);
  }
}

/** Two big screens whose pictures change; they light the ground at night. */
function drawScreens(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (const [index, [x, y, width]] of (
    [
      [22, 14, 88],
      [534, 10, 84],
    ] as const
  ).entries()) {
    const hue = seconds * 0.35 + index * 2;
    const colour: Rgb = [140 + 100 * Math.sin(hue), 120 + 90 * Math.sin(hue + 2.1), 150 + 100 * Math.sin(hue + 4.2)];
    canvas.rect(x - 2, y - 2, width + 4, 50, [18, 20, 24]);
    for (let band = 0; band < 8; band += 1) {
      const share = 0.55 + 0.45 * Math.sin(seconds * 1.3 + band * 0.9 + index);
      canvas.rect(x + (band * width) / 8, y, width / 8 + 0.6, 46, mix([20, 24, 40], colour, share));
    }
    canvas.disc(x + width / 2 + Math.sin(seconds) * 22, y + 23, 13, [255, 250, 240], 0.3, 0.85);
    canvas.glow(x + width / 2, y + 74, 90, colour, 0.3 * light.night);
  }
}

function placeOf(
  person: { from: number; to: number; late: number; pace: number; drift: readonly [number, number] },
  inRound: number,
  rounds: number,
): { x: number; y: number; moving: boolean } {
  // Whoever crossed waits where they arrived: the next round begins there.
  const swap = rounds % 2 === 1;
  const start = corners[swap ? person.to : person.from] ?? [0, 0];
  const end = corners[swap ? person.from : person.to] ?? [0, 0];
  const share = Math.min(
    1,
    Math.max(0, ((inRound - walk.from - person.late * 0.4) / (walk.to - walk.from - 3)) * person.pace),
  );
  const spread = 1 + 0.6 * Math.sin(share * Math.PI);
  return {
    x: start[0] + (end[0] - start[0]) * share + person.drift[0] * spread,
    y: start[1] + (end[1] - start[1]) * share + person.drift[1] * spread,
    moving: share > 0 && share < 1,
  };
}

function drawWalker(
  canvas: YuvCanvas,
  walker: { x: number; y: number; moving: boolean; coat: Rgb; umbrella: boolean; seconds: number },
  light: Light,
): void {
  const { x, y, moving, coat, umbrella, seconds } = walker;
  const size = 0.8 + (y / sceneHeight) * 0.6;
  const step = moving ? Math.sin(seconds * 8 + x) * 1.6 * size : 0;
  canvas.rect(x - 1 + 4 * size, y + 2, 8 * size, 2.4, [0, 0, 0], 0.25 * (0.4 + light.day));
  canvas.rect(x - 2 * size - step, y - 2 * size, 1.8 * size, 5 * size, lit(light, [34, 36, 46]));
  canvas.rect(x + 0.4 * size + step, y - 2 * size, 1.8 * size, 5 * size, lit(light, [30, 32, 42]));
  canvas.rect(x - 2.6 * size, y - 9 * size, 5.4 * size, 8 * size, lit(light, coat));
  if (umbrella && light.weather.rain > 0.1) {
    canvas.disc(x, y - 12 * size, 8 * size, lit(light, mix(coat, [255, 255, 255], 0.35)), 0.12, 0.95);
    return;
  }
  canvas.disc(x, y - 11 * size, 2.5 * size, lit(light, [40, 34, 32]), 0.3, 1);
}

function drawCars(canvas: YuvCanvas, seconds: number, light: Light): void {
  const inRound = ((seconds % round) + round) % round;
  for (let car = 0; car < 8; car += 1) {
    const towards = car % 2 === 0 ? 1 : -1;
    // They drive while people wait, and have left the crossing before it is theirs.
    const share = (inRound - car * 1.1) / 5;
    if (share < -0.2 || share > 1.2 || inRound > walk.from) continue;
    const x = towards > 0 ? -60 + share * 760 : sceneWidth + 10 - share * 760;
    const y = towards > 0 ? 214 + (car % 4) * 8 : 150 + (car % 4) * 6;
    const colour = lit(light, paints[(car + Math.floor(seconds / round)) % paints.length] ?? [200, 200, 200]);
    canvas.rect(x - 1, y + 15, 50, 5, [0, 0, 0], 0.3);
    canvas.rect(x, y, 48, 17, colour);
    canvas.rect(x + 8, y - 4, 30, 12, mix(colour, [20, 24, 30], 0.25));
    canvas.rect(x + (towards > 0 ? 32 : 9), y - 2, 7, 9, lit(light, [60, 80, 98]));
    const front = towards > 0 ? x + 48 : x;
    canvas.glow(front + towards * 16, y + 9, 28, [255, 244, 214], light.night * 0.8);
    canvas.rect(towards > 0 ? x - 1 : x + 46, y + 4, 3, 8, [230, 40, 34], 0.7);
  }
}

function drawSignals(canvas: YuvCanvas, inRound: number): void {
  const isWalk = inRound >= walk.from && inRound < walk.to;
  const isEnding = inRound > walk.to - 5;
  const shown = isWalk && (!isEnding || inRound % 1 < 0.5);
  const colour: Rgb = isWalk ? [70, 235, 140] : [255, 64, 52];
  for (const [x, y] of corners) {
    canvas.rect(x - 1, y - 34, 2, 24, [44, 46, 50]);
    canvas.rect(x - 4, y - 44, 8, 12, [20, 22, 24]);
    if (shown || !isWalk) canvas.disc(x, y - 38, 3, colour, 0.3, 1);
    canvas.glow(x, y - 38, 11, colour, shown || !isWalk ? 0.5 : 0.1);
  }
}
