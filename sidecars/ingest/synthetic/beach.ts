import { Clouds, hazed, paintSky, ridge } from './backdrop.ts';
import { clamp01, lit, mix, seeded, type Light, type Rgb } from './light.ts';
import { sceneHeight, sceneWidth, type Painting, type Point } from './painting.ts';
import { crossing, type Scene } from './scene.ts';
import type { YuvCanvas } from './yuv-canvas.ts';

const horizon = 164;
const shore = 272;
const parasols: readonly Rgb[] = [
  [224, 72, 60],
  [244, 196, 72],
  [60, 130, 180],
  [236, 236, 230],
];

/** A bay with surf: swell that rises, breaks and runs up the sand, a surfer, parasols by day and a bar with lamps by night. */
export function beach(): Scene {
  const clouds = new Clouds([
    { seed: 171, y: 22, width: 180, height: 54, period: 340, phase: 0.3 },
    { seed: 179, y: 58, width: 130, height: 36, period: 260, phase: 0.8 },
  ]);
  return {
    paint(painting, light) {
      paintSky(painting, light, horizon);
      painting.polygon(ridge({ seed: 51, base: horizon + 1, height: 30 }), hazed(light, [66, 96, 92], 0.5));
      painting.gradient(
        horizon,
        shore,
        mix(light.skyHorizon, lit(light, [28, 106, 136]), 0.55),
        mix(lit(light, [56, 160, 170]), light.skyTop, 0.15),
      );
      painting.gradient(shore, sceneHeight, lit(light, [206, 182, 136]), lit(light, [232, 210, 164]));
      paintHeadland(painting, light);
      paintSand(painting, light);
      paintBar(painting, light);
    },
    draw(canvas, seconds, light) {
      clouds.draw(canvas, seconds, light);
      drawSwell(canvas, seconds, light);
      drawSurfer(canvas, seconds, light);
      drawRunUp(canvas, seconds, light);
      drawPeople(canvas, seconds, light);
      drawPalms(canvas, seconds, light);
      drawGulls(canvas, seconds, light);
    },
  };
}

function paintHeadland(painting: Painting, light: Light): void {
  painting.polygon(
    [
      [470, 176],
      [520, 138],
      [566, 120],
      [640, 104],
      [640, 206],
      [540, 194],
    ],
    hazed(light, [78, 92, 64], 0.14),
  );
  painting.polygon(
    [
      [470, 176],
      [540, 194],
      [640, 206],
      [640, 214],
      [530, 200],
    ],
    lit(light, [112, 100, 82]),
  );
  const random = seeded(97);
  for (let house = 0; house < 16; house += 1) {
    const x = 530 + random() * 104;
    const y = 176 - (x - 520) * 0.42 + random() * 36;
    painting.rect(x, y, 6, 5, lit(light, [238, 234, 224]));
    painting.rect(x + 2, y + 1, 2, 2, [255, 214, 150], light.night * 0.9);
  }
}

function paintSand(painting: Painting, light: Light): void {
  const random = seeded(111);
  for (let grain = 0; grain < 420; grain += 1) {
    const tone: Rgb = random() > 0.5 ? [255, 248, 226] : [120, 96, 62];
    painting.rect(
      random() * sceneWidth,
      shore + 20 + random() * 70,
      1 + random() * 3,
      0.8,
      tone,
      0.12 * light.day + 0.03,
    );
  }
  for (const [index, x] of [150, 232, 318, 404].entries()) {
    const y = 318 + (index % 2) * 14;
    painting.disc(x + 16, y + 12, 24, [60, 48, 30], 1, 0.3 * light.day);
    painting.rect(x, y - 26, 1.8, 38, lit(light, [226, 220, 206]));
    const colour = parasols[index] ?? [230, 230, 230];
    for (let wedge = 0; wedge < 6; wedge += 1) {
      const edge = (at: number): Point => [x + 1 + (at - 3) * 8, y - 24 + 5 * Math.sin((at / 6) * Math.PI)];
      const canopy: Point[] = [edge(wedge), [x + 1, y - 42], edge(wedge + 1)];
      painting.polygon(canopy, lit(light, wedge % 2 === 0 ? colour : [248, 246, 240]));
    }
    painting.rect(x + 8, y + 6, 22, 4, lit(light, mix(colour, [255, 255, 255], 0.5)));
  }
}

function paintBar(painting: Painting, light: Light): void {
  painting.rect(520, 286, 96, 46, lit(light, [126, 88, 56]));
  painting.polygon(
    [
      [508, 290],
      [534, 262],
      [602, 262],
      [628, 290],
    ],
    lit(light, [178, 142, 84]),
  );
  painting.rect(528, 296, 80, 16, mix(lit(light, [60, 48, 40]), [255, 210, 130], light.night * 0.9));
  for (let lamp = 0; lamp < 9; lamp += 1) {
    painting.disc(430 + lamp * 12, 274 + Math.sin(lamp * 0.8) * 5, 8, [255, 214, 140], 1, light.night);
  }
  painting.disc(568, 312, 90, [255, 200, 120], 1, light.night * 0.4);
}

/** Lines of swell that come in, grow towards the shore and break into foam. */
function drawSwell(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (let wave = 0; wave < 6; wave += 1) {
    const share = (seconds / 17 + wave / 6) % 1;
    const near = share ** 1.7;
    const y = horizon + 6 + near * (shore - horizon - 2);
    const height = 1 + near * 9;
    const breaking = clamp01((share - 0.68) / 0.2);
    for (let x = 0; x < sceneWidth; x += 16) {
      const bend = Math.sin(x * 0.011 + wave * 2.1) * 7 * near + Math.sin(x * 0.037 + seconds * 0.4) * 2 * near;
      canvas.rect(x, y + bend, 16, height, lit(light, [14, 84, 108]), 0.28 + 0.2 * near);
      canvas.rect(x, y + bend - height * 0.35, 16, height * 0.4, mix(light.skyHorizon, [190, 236, 232], 0.5), 0.22);
      const foam = clamp01(breaking * 1.6 - 0.5 - 0.5 * Math.sin(x * 0.021 + wave * 1.7));
      if (foam > 0) canvas.rect(x, y + bend - height * 0.5, 16, height * 0.9, lit(light, [250, 252, 252]), foam * 0.85);
    }
  }
}

/** The last of each wave runs up the sand and back. */
function drawRunUp(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (let x = 0; x < sceneWidth; x += 8) {
    const reach =
      12 +
      9 * Math.sin(seconds * 0.74 + x * 0.006) +
      5 * Math.sin(seconds * 0.51 + x * 0.017) +
      2 * Math.sin(x * 0.09 + seconds);
    canvas.rect(x, shore, 8, 30, lit(light, [168, 140, 98]), 0.5);
    canvas.rect(x, shore - 4, 8, reach + 4, mix(lit(light, [92, 178, 178]), light.skyHorizon, 0.2), 0.82);
    canvas.rect(x, shore + reach - 1.5, 8, 3, lit(light, [252, 252, 250]), 0.85);
    canvas.rect(x + 3, shore + reach * 0.55, 4, 1.4, lit(light, [252, 252, 250]), 0.4);
  }
}

function drawSurfer(canvas: YuvCanvas, seconds: number, light: Light): void {
  if (light.day < 0.3) return;
  const share = (seconds / 17 + 1 / 6) % 1;
  if (share < 0.55 || share > 0.92) return;
  const near = share ** 1.7;
  const x = 470 - (share - 0.55) * 560;
  const y = horizon + 2 + near * (shore - horizon - 2);
  canvas.rect(x - 9, y, 18, 1.8, [250, 248, 240]);
  canvas.rect(x - 1.6, y - 9, 3, 6, lit(light, [24, 28, 36]));
  canvas.rect(x - 3.4, y - 4, 2, 4, lit(light, [24, 28, 36]));
  canvas.rect(x + 1.4, y - 4, 2, 4, lit(light, [24, 28, 36]));
  canvas.rect(x - 6, y - 8 + Math.sin(seconds * 3), 12, 1.2, lit(light, [24, 28, 36]));
  canvas.disc(x, y - 11, 2, lit(light, [206, 160, 128]), 0.3, 1);
  for (let spray = 0; spray < 8; spray += 1)
    canvas.rect(x + 9 + spray * 3, y - 1 + (spray % 3), 3, 1.4, [255, 255, 255], 0.5);
}

function drawPeople(canvas: YuvCanvas, seconds: number, light: Light): void {
  const count = light.day > 0.4 ? 7 : 2;
  for (let person = 0; person < count; person += 1) {
    const forward = person % 2 === 0;
    const { x } = crossing({
      seconds,
      period: 70 + person * 9,
      phase: person * 0.41,
      from: forward ? -10 : sceneWidth + 10,
      to: forward ? sceneWidth + 10 : -10,
    });
    const y = 300 + (person % 3) * 7;
    const stride = Math.sin(seconds * 5 + person) * 2;
    canvas.rect(x - 1 - stride, y - 6, 1.8, 6, lit(light, [196, 150, 118]));
    canvas.rect(x + 1 + stride, y - 6, 1.8, 6, lit(light, [186, 140, 108]));
    canvas.rect(x - 1.6, y - 13, 5, 8, lit(light, parasols[person % 4] ?? [220, 220, 220]));
    canvas.disc(x + 0.8, y - 15.6, 2.2, lit(light, [206, 160, 128]), 0.3, 1);
  }
}

function drawPalms(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (const [index, [x, base, height]] of (
    [
      [44, 336, 150],
      [84, 344, 118],
    ] as const
  ).entries()) {
    const sway = Math.sin(seconds * 0.7 + index) * 4 + Math.sin(seconds * 1.9 + index) * 1.2;
    for (let step = 0; step < 24; step += 1) {
      const share = step / 24;
      canvas.rect(
        x + 16 * share * share + sway * share * share,
        base - height * share,
        5 - share * 1.6,
        height / 24 + 1,
        lit(light, [104, 80, 56]),
      );
    }
    const [cx, cy] = [x + 16 + sway, base - height];
    for (let frond = 0; frond < 9; frond += 1) {
      const angle = (frond / 9) * 2 * Math.PI + sway * 0.02;
      for (let step = 1; step < 13; step += 1) {
        const out = step * 3.4;
        const fx = cx + Math.cos(angle) * out;
        const fy = cy + Math.sin(angle) * out * 0.55 + (step * step) / 16 - 4;
        canvas.rect(fx - 2, fy, 5, 2.2 - step * 0.1, lit(light, [40 + (frond % 3) * 12, 96 + (frond % 2) * 16, 48]));
      }
    }
  }
}

function drawGulls(canvas: YuvCanvas, seconds: number, light: Light): void {
  for (let gull = 0; gull < 5; gull += 1) {
    const x = 320 + Math.cos(seconds * 0.22 + gull * 1.3) * (90 + gull * 26);
    const y = 92 + Math.sin(seconds * 0.31 + gull * 2.1) * 26;
    const flap = Math.sin(seconds * 5 + gull * 2) * 2;
    const white = lit(light, [246, 248, 250]);
    canvas.rect(x - 5, y - flap, 4, 1.2, white);
    canvas.rect(x - 1.4, y, 3.4, 1.6, white);
    canvas.rect(x + 2, y - flap, 4, 1.2, white);
  }
}
