import { Clouds, hazed, paintSky, ridge } from './backdrop.ts';
import { lit, mix, seeded, type Light } from './light.ts';
import { sceneHeight, sceneWidth, type Painting } from './painting.ts';
import { crossing, type Scene } from './scene.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const horizon = 300;

/** A wide sky over mountain ridges: clouds, stars that twinkle, birds by day, an airliner, now and then a shooting star. */
export function sky(): Scene {
  const clouds = new Clouds([
    { seed: 61, y: 40, width: 230, height: 78, period: 260, phase: 0.1 },
    { seed: 67, y: 92, width: 180, height: 58, period: 200, phase: 0.45 },
    { seed: 71, y: 140, width: 150, height: 44, period: 150, phase: 0.8 },
    { seed: 79, y: 176, width: 120, height: 32, period: 110, phase: 0.25 },
  ]);
  const random = seeded(91);
  const twinkles = Array.from({ length: 46 }, () => ({
    x: random() * sceneWidth,
    y: random() * 200,
    phase: random() * 6.28,
    pace: 1 + random() * 3,
  }));
  return {
    paint(painting, light) {
      paintSky(painting, light, horizon + 24);
      paintRidges(painting, light);
    },
    draw(canvas, seconds, light) {
      for (const star of twinkles) {
        const level = light.night * (0.3 + 0.7 * Math.max(0, Math.sin(seconds * star.pace + star.phase)));
        if (level > 0.05) canvas.rect(star.x, star.y, 1.4, 1.4, [244, 246, 255], level);
      }
      drawShootingStar(canvas, seconds, light);
      clouds.draw(canvas, seconds, light);
      drawAirliner(canvas, seconds, light);
      drawBirds(canvas, seconds, light);
      drawCottage(canvas, seconds, light);
    },
  };
}

function paintRidges(painting: Painting, light: Light): void {
  painting.polygon(ridge({ seed: 101, base: horizon + 4, height: 120, step: 3 }), hazed(light, [104, 122, 148], 0.62));
  painting.polygon(ridge({ seed: 107, base: horizon + 14, height: 84, step: 3 }), hazed(light, [84, 106, 118], 0.42));
  painting.polygon(ridge({ seed: 113, base: horizon + 24, height: 58, step: 3 }), hazed(light, [60, 88, 78], 0.22));
  painting.gradient(horizon + 22, sceneHeight, lit(light, [66, 96, 62]), lit(light, [40, 64, 42]));
  const random = seeded(131);
  for (let tree = 0; tree < 90; tree += 1) {
    const x = random() * sceneWidth;
    const base = horizon + 18 + random() * 30;
    const height = 12 + random() * 16;
    const green = lit(light, [28 + random() * 20, 58 + random() * 22, 40]);
    painting.polygon(
      [
        [x - height * 0.28, base],
        [x, base - height],
        [x + height * 0.28, base],
      ],
      green,
    );
  }
  painting.rect(430, horizon + 8, 26, 14, lit(light, [150, 110, 82]));
  painting.polygon(
    [
      [426, horizon + 9],
      [443, horizon - 4],
      [460, horizon + 9],
    ],
    lit(light, [112, 52, 44]),
  );
  painting.rect(448, horizon - 5, 4, 8, lit(light, [96, 84, 78]));
  painting.rect(435, horizon + 12, 5, 5, lit(light, [255, 214, 130], 1));
  painting.disc(437, horizon + 15, 15, [255, 206, 120], 1, light.night * 0.6);
}

function drawShootingStar(canvas: YuvCanvas, seconds: number, light: Light): void {
  const { x: age, round } = crossing({ seconds, period: 19, phase: 0, from: 0, to: 19 });
  if (age > 0.8 || light.night < 0.5) return;
  const random = seeded(round & 0xffff);
  const [x, y] = [60 + random() * 500, 30 + random() * 80];
  for (let trail = 0; trail < 14; trail += 1) {
    const at = age * 190 - trail * 3;
    if (at > 0) canvas.rect(x + at, y + at * 0.4, 2, 1.2, [255, 255, 255], (1 - trail / 14) * (1 - age) * 0.9);
  }
}

function drawAirliner(canvas: YuvCanvas, seconds: number, light: Light): void {
  const { x } = crossing({ seconds, period: 64, phase: 0.2, from: -160, to: sceneWidth + 60 });
  const y = 74 - x * 0.04;
  for (let puff = 0; puff < 24; puff += 1) {
    canvas.rect(
      x - 8 - puff * 6,
      y + 1 + puff * 0.24,
      6.4,
      1.4 + puff * 0.06,
      [255, 255, 255],
      (1 - puff / 24) * (0.1 + 0.5 * light.day),
    );
  }
  const metal = mix(lit(light, [240, 242, 246]), light.skyHorizon, 0.15);
  canvas.rect(x - 6, y, 20, 2.4, metal);
  canvas.rect(x, y + 2, 6, 3.4, lit(light, [188, 194, 204]));
  canvas.rect(x - 6, y - 3.4, 3, 4, lit(light, [200, 60, 56]));
  const blink = seconds % 1.2 < 0.12 ? 1 : 0;
  canvas.glow(x + 4, y + 1, 9, [255, 255, 255], blink * (0.4 + 0.6 * light.night));
  canvas.glow(x + 13, y + 1, 5, [255, 80, 70], light.night * 0.8);
}

function drawBirds(canvas: YuvCanvas, seconds: number, light: Light): void {
  if (light.day < 0.3) return;
  for (let bird = 0; bird < 9; bird += 1) {
    const row = bird % 2 === 0 ? 1 : -1;
    const rank = Math.ceil(bird / 2);
    const { x } = crossing({ seconds, period: 47, phase: 0.6, from: sceneWidth + 80, to: -120 });
    const [bx, by] = [x + rank * 13, 150 + row * rank * 5 + Math.sin(seconds * 0.7 + bird) * 2];
    const flap = Math.sin(seconds * 9 + bird) * 2.4;
    const ink = lit(light, [42, 46, 54]);
    canvas.rect(bx - 4, by - flap, 3, 1, ink);
    canvas.rect(bx - 1.4, by - flap * 0.4, 3, 1.4, ink);
    canvas.rect(bx + 1.6, by - flap, 3, 1, ink);
  }
}

function drawCottage(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (let puff = 0; puff < 9; puff += 1) {
    const age = (seconds * 0.16 + puff / 9) % 1;
    const x = 450 + age * 26 + Math.sin(seconds * 0.8 + puff) * 3 * age;
    canvas.disc(
      x,
      horizon - 8 - age * 46,
      2.5 + age * 9,
      mix(light.skyHorizon, [244, 244, 246], 0.4),
      1,
      (1 - age) * 0.5,
    );
  }
}
