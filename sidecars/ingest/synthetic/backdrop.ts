import { lit, mix, seeded, smoothstep, type Light, type Rgb } from './light.ts';
import { sceneWidth, type Painting, type Point } from './painting.ts';
import type { Mask, YuvCanvas } from './yuv-canvas.ts';

/** Sky, sun, moon and stars down to the horizon. */
export function paintSky(painting: Painting, light: Light, horizon: number): void {
  painting.gradient(0, horizon, light.skyTop, light.skyHorizon);
  const clearness = 1 - light.weather.cloud;
  const random = seeded(11);
  for (let star = 0; star < 110; star += 1) {
    const x = random() * sceneWidth;
    const y = random() ** 1.4 * horizon * 0.85;
    const size = 0.5 + random() * 0.8;
    painting.rect(x, y, size, size, [235, 238, 255], light.night * clearness * (0.25 + 0.6 * random()));
  }
  paintSun(painting, light, horizon);
}

function paintSun(painting: Painting, light: Light, horizon: number): void {
  // The view looks south over 180 degrees, or north where the sun stands there: it rises on one side and sets on the other.
  const x = ((light.sun.azimuth - 90 + 360) % 360) / 180;
  const place = x <= 1 ? x : 2 - x;
  const y = horizon - (light.sun.altitude / 75) * horizon;
  const veil = 1 - 0.85 * light.weather.cloud ** 2;
  if (light.sun.altitude > -8) {
    const warm = mix([255, 246, 214], [255, 156, 84], light.dusk);
    painting.disc(place * sceneWidth, y, 150, warm, 1, 0.5 * (0.4 + light.dusk) * veil);
    if (light.sun.altitude > -1) painting.disc(place * sceneWidth, y, 13, mix(warm, [255, 255, 246], 0.6), 0.12, veil);
  }
  const moon = smoothstep(-4, -12, light.sun.altitude) * veil;
  painting.disc(512, 62, 46, [150, 165, 205], 1, 0.3 * moon);
  painting.disc(512, 62, 11, [228, 232, 238], 0.15, moon);
  painting.disc(508, 59, 3, [196, 202, 214], 0.6, moon * 0.8);
  painting.disc(516, 66, 2.4, [196, 202, 214], 0.6, moon * 0.8);
}

/** A ridge of hills: layered sines, the same for one seed. */
export function ridge(options: { seed: number; base: number; height: number; step?: number }): Point[] {
  const random = seeded(options.seed);
  const waves = [1, 2.3, 4.9, 9.7].map((frequency) => ({ frequency, phase: random() * 7, weight: 1 / frequency }));
  const points: Point[] = [];
  for (let x = 0; x <= sceneWidth + 6; x += options.step ?? 6) {
    const wave = waves.reduce(
      (sum, { frequency, phase, weight }) => sum + weight * Math.sin((x / sceneWidth) * 6.28 * frequency + phase),
      0,
    );
    // Never below its base: what lies there is painted by what stands before it.
    points.push([x, options.base - options.height * Math.max(0.1, 0.5 + 0.32 * wave)]);
  }
  return [...points, [sceneWidth + 6, options.base + 1], [0, options.base + 1]];
}

/** Colours of distance: what is far takes the colour of the horizon. */
export function hazed(light: Light, colour: Rgb, distance: number): Rgb {
  return mix(lit(light, colour), light.skyHorizon, distance);
}

/** A heap of soft balls, as a mask of the picture's own size. */
export function cloudMask(options: { seed: number; width: number; height: number }): Mask {
  const { width, height } = options;
  const random = seeded(options.seed);
  const alpha = new Uint8Array(width * height);
  const balls = Array.from({ length: 16 }, () => {
    const along = random() * 2 - 1;
    return {
      x: (0.5 + along * 0.38) * width,
      y: (0.66 - (1 - Math.abs(along)) * 0.28 * random()) * height,
      r: height * (0.16 + 0.24 * random() * (1 - Math.abs(along) * 0.6)),
    };
  });
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let clear = 1;
      for (const ball of balls) {
        const near = 1 - ((x - ball.x) ** 2 + ((y - ball.y) * 1.25) ** 2) / (ball.r * ball.r);
        if (near > 0) clear *= 1 - Math.min(1, near * 1.3);
      }
      const flat = smoothstep(height * 0.95, height * 0.72, y);
      alpha[y * width + x] = Math.round(235 * (1 - clear) * flat);
    }
  }
  return { width, height, alpha };
}

interface Cloud {
  seed: number;
  y: number;
  width: number;
  height: number;
  period: number;
  phase: number;
}

/** Clouds that drift over the sky; their masks are made once. */
export class Clouds {
  private readonly clouds: readonly Cloud[];
  private masks: Mask[] = [];
  private madeFor = 0;

  constructor(clouds: readonly Cloud[]) {
    this.clouds = clouds;
  }

  draw(canvas: YuvCanvas, seconds: number, light: Light): void {
    if (this.madeFor !== canvas.width) {
      const scale = canvas.width / sceneWidth;
      this.masks = this.clouds.map(({ seed, width, height }) =>
        cloudMask({ seed, width: Math.round(width * scale), height: Math.round(height * scale) }),
      );
      this.madeFor = canvas.width;
    }
    const colour = mix(mix([34, 40, 62], [248, 250, 252], light.day), [255, 186, 150], light.dusk * 0.7);
    for (const [index, cloud] of this.clouds.entries()) {
      const turns = seconds / cloud.period + cloud.phase;
      const x = (turns - Math.floor(turns)) * (sceneWidth + cloud.width) - cloud.width;
      const mask = this.masks[index];
      if (mask) canvas.stamp(mask, x, cloud.y, colour, (0.25 + 0.55 * light.day) * (0.35 + 0.65 * light.weather.cloud));
    }
  }
}
