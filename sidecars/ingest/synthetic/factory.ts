import { mix, seeded, type Rgb } from './light.ts';
import { sceneHeight, sceneWidth, type Painting } from './painting.ts';
import { crossing, type Scene } from './scene.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const belt = 268;
const bottleSpacing = 34;
const beltSpeed = 26;
const armAt = [130, 430] as const;
const cameraAt = 286;
const glass: readonly Rgb[] = [
  [86, 158, 118],
  [92, 140, 190],
  [186, 132, 66],
];

/** A filling line in a hall: bottles on a belt, two arms, an inspection gate that lights up and rejects the one that is half full. */
export function factory(): Scene {
  return {
    paint(painting) {
      paintHall(painting);
      paintMachines(painting);
      paintBelt(painting);
    },
    draw(canvas, seconds) {
      drawFan(canvas, seconds);
      drawBottles(canvas, seconds);
      drawGate(canvas, seconds);
      for (const [index, x] of armAt.entries()) drawArm(canvas, x, seconds + index * 1.7);
      drawTruck(canvas, seconds);
      drawLamps(canvas, seconds);
    },
  };
}

/** The hall has light of its own: the hour only shows in its high windows. */
const paintHall = (painting: Painting): void => {
  painting.gradient(0, 208, [58, 66, 76], [96, 104, 112]);
  painting.gradient(208, sceneHeight, [92, 96, 98], [58, 62, 66]);
  for (let truss = 0; truss < 9; truss += 1) {
    const x = truss * 80 - 10;
    painting.line([x, 0], [x + 40, 44], 2.4, [44, 50, 58]);
    painting.line([x + 40, 44], [x + 80, 0], 2.4, [44, 50, 58]);
  }
  painting.rect(0, 43, sceneWidth, 4, [40, 46, 54]);
  for (let lamp = 0; lamp < 5; lamp += 1) {
    painting.rect(50 + lamp * 130, 50, 66, 5, [252, 252, 242]);
    painting.disc(83 + lamp * 130, 56, 92, [255, 252, 232], 1, 0.22);
  }
  for (const x of [36, 164, 356, 500]) {
    painting.rect(x, 92, 92, 62, [70, 78, 88]);
    for (let pane = 0; pane < 3; pane += 1) painting.rect(x + 4 + pane * 29, 96, 26, 54, [122, 138, 152]);
  }
  // The walk for people and trucks.
  painting.polygon(
    [
      [0, 318],
      [sceneWidth, 318],
      [sceneWidth, 322],
      [0, 322],
    ],
    [226, 188, 60],
  );
  for (let tile = 0; tile < 22; tile += 1)
    painting.line([tile * 32, 322], [tile * 40 - 90, sceneHeight], 0.8, [48, 52, 56]);
};

function paintMachines(painting: Painting): void {
  const random = seeded(17);
  painting.rect(14, 150, 86, 118, [178, 186, 192]);
  painting.rect(14, 150, 86, 8, [62, 110, 156]);
  painting.rect(548, 140, 84, 128, [172, 180, 186]);
  painting.rect(548, 140, 84, 8, [62, 110, 156]);
  for (const x of [24, 558]) {
    painting.rect(x, 172, 34, 24, [24, 34, 42]);
    for (let line = 0; line < 5; line += 1)
      painting.rect(x + 3, 176 + line * 4, 8 + random() * 18, 1.6, [96, 220, 170]);
  }
  for (const tank of [176, 222]) {
    painting.rect(tank, 108, 36, 92, [196, 204, 210]);
    painting.rect(tank + 4, 108, 7, 92, [226, 232, 236]);
    painting.disc(tank + 18, 108, 18, [188, 196, 202], 0.1);
    painting.rect(tank + 15, 198, 6, 34, [120, 128, 134]);
  }
  painting.line([194, 96], [240, 96], 4, [130, 138, 144]);
  painting.rect(cameraAt - 24, 176, 6, 92, [52, 58, 64]);
  painting.rect(cameraAt + 30, 176, 6, 92, [52, 58, 64]);
  painting.rect(cameraAt - 28, 168, 68, 14, [64, 72, 80]);
  painting.rect(cameraAt - 2, 182, 16, 12, [30, 34, 40]);
}

function paintBelt(painting: Painting): void {
  painting.rect(0, belt, sceneWidth, 10, [38, 42, 46]);
  painting.rect(0, belt + 10, sceneWidth, 7, [132, 138, 144]);
  for (let leg = 0; leg < 9; leg += 1) painting.rect(26 + leg * 74, belt + 17, 7, 34, [104, 110, 116]);
  painting.rect(396, belt + 17, 60, 36, [70, 76, 82]);
  painting.rect(400, belt + 21, 52, 28, [44, 48, 54]);
}

/** One bottle in nine is half full. */
function isFaulty(number: number): boolean {
  return ((number % 9) + 9) % 9 === 4;
}

function drawBottles(canvas: YuvCanvas, seconds: number): void {
  const moved = (seconds * beltSpeed) / bottleSpacing;
  const newest = Math.floor(moved);
  const shift = (moved - newest) * bottleSpacing;
  for (let place = -1; place < sceneWidth / bottleSpacing + 1; place += 1) {
    const number = newest - place;
    const x = place * bottleSpacing + shift;
    if (isFaulty(number) && x > 410) {
      const fallen = (x - 410) / 40;
      if (fallen < 1) drawBottle(canvas, { x: 410 + fallen * 12, y: belt + fallen * 34, number, x0: x });
      continue;
    }
    drawBottle(canvas, { x, y: belt, number, x0: x });
  }
  for (let mark = 0; mark < 41; mark += 1) {
    canvas.rect(((mark * 16 + seconds * beltSpeed) % (sceneWidth + 16)) - 8, belt + 2, 1.4, 6, [66, 72, 78]);
  }
}

function drawBottle(canvas: YuvCanvas, bottle: { x: number; y: number; number: number; x0: number }): void {
  const { x, y, number, x0 } = bottle;
  const colour = glass[((Math.floor(number / 12) % 3) + 3) % 3] ?? glass[0] ?? [90, 150, 120];
  const full = x0 < 204 ? 0 : isFaulty(number) ? 12 : 24;
  canvas.rect(x - 6, y - 30, 12, 30, mix(colour, [236, 242, 246], 0.55), 0.75);
  canvas.rect(x - 6, y - full, 12, full, colour, 0.92);
  canvas.rect(x - 2.6, y - 40, 5.2, 11, mix(colour, [236, 242, 246], 0.55), 0.8);
  if (x0 > 438) canvas.rect(x - 3.2, y - 43, 6.4, 4, [196, 48, 44]);
  if (x0 > 500) canvas.rect(x - 6, y - 20, 12, 9, [244, 240, 226]);
  canvas.rect(x - 4.4, y - 28, 1.6, 24, [255, 255, 255], 0.45);
}

function drawGate(canvas: YuvCanvas, seconds: number): void {
  const moved = (seconds * beltSpeed - (cameraAt + 6)) / bottleSpacing;
  const near = Math.abs(moved - Math.round(moved)) * bottleSpacing;
  const flash = Math.max(0, 1 - near / 5);
  canvas.rect(cameraAt - 18, 196, 48, 70, [120, 190, 255], 0.1 + 0.32 * flash);
  canvas.disc(cameraAt + 6, 192, 5, [150, 210, 255], 0.5, 0.5 + 0.5 * flash);
  const verdict: Rgb = isFaulty(Math.round(moved)) ? [255, 70, 60] : [80, 240, 140];
  canvas.disc(cameraAt + 6, 160, 5, verdict, 0.3, 1);
  canvas.glow(cameraAt + 6, 160, 22, verdict, 0.5);
}

/** Shoulder, elbow and hand of an arm that fetches from the belt and sets down behind it. */
function drawArm(canvas: YuvCanvas, x: number, seconds: number): void {
  const swing = Math.sin(seconds * 0.9);
  const reach = 0.5 + 0.5 * Math.sin(seconds * 1.8 - 0.8);
  const shoulder = [x, 190] as const;
  const elbow = [x + 26 * swing, 146 + 10 * reach] as const;
  const hand = [x + 58 * swing, 178 + 48 * reach] as const;
  canvas.rect(x - 13, 196, 26, 60, [74, 80, 88]);
  limb(canvas, shoulder, elbow, 6, [232, 130, 40]);
  limb(canvas, elbow, hand, 4.4, [232, 130, 40]);
  canvas.disc(shoulder[0], shoulder[1], 10, [52, 58, 66], 0.15, 1);
  canvas.disc(elbow[0], elbow[1], 7, [52, 58, 66], 0.15, 1);
  canvas.rect(hand[0] - 6, hand[1], 12, 4, [52, 58, 66]);
  canvas.rect(hand[0] - 6, hand[1] + 3, 2.4, 7, [52, 58, 66]);
  canvas.rect(hand[0] + 3.6, hand[1] + 3, 2.4, 7, [52, 58, 66]);
}

function limb(
  canvas: YuvCanvas,
  from: readonly [number, number],
  to: readonly [number, number],
  radius: number,
  colour: Rgb,
): void {
  for (let step = 0; step <= 16; step += 1) {
    const share = step / 16;
    canvas.disc(from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share, radius, colour, 0.2, 1);
  }
}

function drawFan(canvas: YuvCanvas, seconds: number): void {
  canvas.disc(316, 112, 24, [44, 50, 58], 0.06, 1);
  for (let blade = 0; blade < 3; blade += 1) {
    const angle = seconds * 5 + (blade * 2 * Math.PI) / 3;
    for (let step = 1; step < 6; step += 1) {
      canvas.disc(316 + Math.cos(angle) * step * 3.6, 112 + Math.sin(angle) * step * 3.6, 4, [156, 164, 172], 0.3, 0.9);
    }
  }
}

function drawTruck(canvas: YuvCanvas, seconds: number): void {
  const { x } = crossing({ seconds, period: 41, phase: 0.3, from: -90, to: sceneWidth + 60 });
  canvas.rect(x - 4, 350, 74, 4, [0, 0, 0], 0.3);
  canvas.rect(x + 22, 322, 34, 24, [236, 178, 40]);
  canvas.rect(x + 28, 304, 22, 19, [40, 46, 52]);
  canvas.rect(x + 31, 307, 16, 13, [150, 176, 192]);
  canvas.rect(x + 58, 296, 4, 54, [58, 64, 70]);
  canvas.rect(x + 62, 344, 26, 3, [58, 64, 70]);
  canvas.rect(x + 64, 322, 22, 22, [168, 124, 76]);
  for (const wheel of [30, 50]) canvas.disc(x + wheel, 347, 6, [24, 26, 30], 0.2, 1);
  const turn = seconds % 1 < 0.5;
  canvas.disc(x + 39, 301, 3.4, [255, 170, 40], 0.4, turn ? 1 : 0.3);
  if (turn) canvas.glow(x + 39, 301, 16, [255, 170, 40], 0.5);
}

function drawLamps(canvas: YuvCanvas, seconds: number): void {
  for (const [index, x] of [90, 622].entries()) {
    canvas.rect(x - 2, 128 + index * -10, 4, 24, [60, 66, 72]);
    const on = Math.floor(seconds / 3 + index) % 7 === 0;
    canvas.disc(x, 126 + index * -10, 4, on ? [255, 190, 60] : [80, 230, 130], 0.3, 1);
    canvas.glow(x, 126 + index * -10, 14, on ? [255, 190, 60] : [80, 230, 130], 0.35);
  }
}
