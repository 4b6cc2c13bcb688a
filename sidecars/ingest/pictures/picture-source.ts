import { monotonicUtcUs, type SourceSink } from '../source.ts';

export const pictureTimescale = 90_000;
const trackId = 0;
/** A later picture never gets an earlier time. */
const stepTicksMin = 900;

/** JPEGs as a track of pictures, each a key frame, timed by capture where that is known, else by arrival. */
export class PictureSource {
  private readonly sink: SourceSink;
  private readonly originUs = monotonicUtcUs();
  private lastPts = Number.NEGATIVE_INFINITY;
  private clocked = false;

  constructor(sink: SourceSink, fps: number | null) {
    this.sink = sink;
    sink({
      type: 'tracks',
      tracks: [
        {
          id: trackId,
          kind: 'video',
          codec: 'mjpeg',
          timescale: pictureTimescale,
          wrapBits: 64,
          config: null,
          width: null,
          height: null,
          fpsAnnounced: fps,
        },
      ],
    });
  }

  push(jpeg: Buffer, options: { captureUs: number | null; echoSeconds?: number }): void {
    const arrivalUs = monotonicUtcUs();
    const timeUs = options.captureUs ?? arrivalUs;
    // From a fixed origin, so that one clock event holds for all pictures.
    const ticks = Math.round(((timeUs - this.originUs) * pictureTimescale) / 1_000_000);
    const pts = Math.max(ticks, this.lastPts + stepTicksMin);
    if (options.captureUs !== null && !this.clocked) {
      this.clocked = true;
      this.sink({ type: 'clock', track: trackId, ticks: pts, utcUs: timeUs, kind: 'capture', arrivalUs });
    }
    this.unit(jpeg, pts, arrivalUs);
    this.lastPts = pts;
    if (options.echoSeconds === undefined) return;
    this.lastPts = pts + Math.round(options.echoSeconds * pictureTimescale);
    this.unit(jpeg, this.lastPts, arrivalUs);
  }

  private unit(jpeg: Buffer, pts: number, arrivalUs: number): void {
    this.sink({
      type: 'unit',
      unit: {
        track: trackId,
        pts,
        dts: pts,
        key: true,
        payload: { form: 'sample', data: jpeg },
        arrivalUs,
        lostBefore: false,
      },
    });
  }
}
