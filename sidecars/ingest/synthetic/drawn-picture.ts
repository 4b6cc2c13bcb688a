import type { SyntheticScene } from '#server/contracts/camera.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import { airport } from './airport.ts';
import { beach } from './beach.ts';
import { bridge } from './bridge.ts';
import { factory } from './factory.ts';
import { harbour } from './harbour.ts';
import { lightOf, type Light } from './light.ts';
import { mountain } from './mountain.ts';
import { Overlay } from './overlay.ts';
import { Painting, sceneHeight, sceneWidth } from './painting.ts';
import { plaza } from './plaza.ts';
import { drawPrecipitation } from './precipitation.ts';
import { railway } from './railway.ts';
import type { Scene } from './scene.ts';
import { sky } from './sky-view.ts';
import { street } from './street.ts';
import { sunPosition } from './sun.ts';
import { testCard } from './test-card.ts';
import { drawnWeather } from './weather.ts';
import { YuvCanvas } from './yuv-canvas.ts';

const scenes = {
  harbour,
  street,
  sky,
  railway,
  factory,
  bridge,
  beach,
  mountain,
  airport,
  plaza,
  test: testCard,
} satisfies Record<SyntheticScene, () => Scene>;

const indoors: ReadonlySet<SyntheticScene> = new Set<SyntheticScene>(['factory', 'test']);

/** The sun moves a degree in four minutes; half of one is not seen. */
const repaintDegrees = 0.5;
const repaintCloud = 0.04;
export type DrawnSource = Pick<IngestAssignment['source'], 'options' | 'label' | 'latitude' | 'longitude' | 'timeZone'>;

/** One drawn place: gives the picture of any moment. */
export class DrawnPicture {
  readonly width: number;
  readonly height: number;
  private readonly source: DrawnSource;
  private readonly scene: Scene;
  private readonly canvas: YuvCanvas;
  private readonly still: Buffer;
  private readonly overlay: Overlay;
  private light: Light | null = null;

  constructor(source: DrawnSource) {
    this.source = source;
    // 4:2:0 wants even sides.
    this.width = (source.options.width ?? sceneWidth) & ~1;
    this.height = (source.options.height ?? sceneHeight) & ~1;
    this.scene = scenes[source.options.scene ?? 'harbour']();
    this.canvas = new YuvCanvas(this.width, this.height, { width: sceneWidth, height: sceneHeight });
    this.still = Buffer.alloc(this.canvas.buffer.length);
    this.overlay = new Overlay(source);
  }

  /** The planes of YUV 4:2:0; overwritten by the next call. */
  at(utcMs: number): Buffer {
    const light = this.lightAt(utcMs);
    this.canvas.buffer.set(this.still);
    this.scene.draw(this.canvas, utcMs / 1000, light);
    if (!indoors.has(this.source.options.scene ?? 'harbour')) drawPrecipitation(this.canvas, utcMs / 1000, light);
    this.overlay.draw(this.canvas, utcMs);
    return this.canvas.buffer;
  }

  private lightAt(utcMs: number): Light {
    const { latitude, longitude } = this.source;
    const sun = sunPosition(utcMs, latitude, longitude);
    const weather = drawnWeather(utcMs, latitude, longitude);
    const isAsPainted =
      this.light !== null &&
      Math.abs(this.light.sun.altitude - sun.altitude) < repaintDegrees &&
      Math.abs(this.light.weather.cloud - weather.cloud) < repaintCloud;
    if (this.light && isAsPainted) {
      // Rain begins and ends without the scene behind it being painted again.
      this.light = { ...this.light, weather: { ...weather, cloud: this.light.weather.cloud } };
      return this.light;
    }
    this.light = lightOf(sun, weather);
    const painting = new Painting(this.width, this.height);
    this.scene.paint(painting, this.light);
    painting.toYuv420(this.still);
    return this.light;
  }
}
