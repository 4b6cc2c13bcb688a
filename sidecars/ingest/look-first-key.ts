import type { AccessUnit, SourceEvent, SourceVideoTrack } from './source.ts';
import { Unwrapper } from './transcode/unwrapper.ts';

interface Found {
  track: SourceVideoTrack;
  unit: AccessUnit;
  /** As it came. */
  bytes: Buffer;
  /** UTC by the sender's clock; null where it has none. */
  frameTimeMs: number | null;
}

/** A clock this far from the picture says nothing of it. */
const clockSecondsMax = 600;

/** Waits for the first key frame of whatever a source says. */
export class FirstKey {
  readonly found: Promise<Found>;
  /** Of media, since it began. */
  bytes = 0;
  readonly #resolve: (found: Found) => void;
  #track: SourceVideoTrack | null = null;
  #clock: { ticks: number; utcUs: number } | null = null;
  #isOver = false;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<Found>();
    this.found = promise;
    this.#resolve = resolve;
  }

  take(event: SourceEvent): void {
    if (this.#isOver) return;
    switch (event.type) {
      case 'tracks':
        this.#track = event.tracks.find((track) => track.kind === 'video') ?? null;
        return;
      case 'clock':
        if (event.track === this.#track?.id && event.kind !== 'synthetic')
          this.#clock = { ticks: event.ticks, utcUs: event.utcUs };
        return;
      case 'unit':
        this.#unit(event.unit);
        return;
      case 'lost':
        return;
    }
  }

  #unit(unit: AccessUnit): void {
    const { payload } = unit;
    this.bytes += payload.form === 'pieces' ? payload.size : payload.data.length;
    const track = this.#track;
    if (!track || unit.track !== track.id || !unit.key) return;
    this.#isOver = true;
    const bytes = payload.form === 'pieces' ? Buffer.concat(payload.pieces) : Buffer.from(payload.data);
    this.#resolve({ track, unit, bytes, frameTimeMs: this.#timeOf(unit, track) });
  }

  #timeOf(unit: AccessUnit, track: SourceVideoTrack): number | null {
    const ticks = unit.pts ?? unit.dts;
    if (!this.#clock || ticks === null) return null;
    const unwrapper = new Unwrapper(track.wrapBits);
    const before = unwrapper.unwrap(this.#clock.ticks);
    const seconds = (unwrapper.unwrap(ticks) - before) / track.timescale;
    return Math.abs(seconds) > clockSecondsMax ? null : this.#clock.utcUs / 1000 + seconds * 1000;
  }
}
