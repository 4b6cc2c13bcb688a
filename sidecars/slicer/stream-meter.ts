import type { ClockKind } from '#server/contracts/clock.ts';
import { recordFlag, type RecordHeader } from '#server/contracts/log-record.ts';

/** What arrives, counted over the last seconds: figures for state.json. */
export class StreamMeter {
  /** UTC ms, our clock. */
  newestArrivalMs: number | null = null;
  newestCaptureMs: number | null = null;
  clock: ClockKind | null = null;
  /** Records that were dropped or lost, by whom it may be. */
  dropped = 0;
  #second = 0;
  #frames = 0;
  #bytes = 0;
  #past: { frames: number; bytes: number }[] = [];
  #lastKeyMs: number | null = null;
  #gops: { atMs: number; seconds: number }[] = [];

  chunk(header: RecordHeader, bytes: number, frame: { lead: boolean; nowMs: number; timescale: number }): void {
    const { nowMs } = frame;
    this.#turn(nowMs);
    // The last frame of a run is held back until the next one tells its length: of a source that went silent it comes when that is noticed.
    if ((header.flags & recordFlag.lastOfRun) === 0) this.newestArrivalMs = nowMs;
    this.#bytes += bytes;
    if (!frame.lead) return;
    this.#frames += 1;
    this.clock = header.clock;
    if (header.captureUs > 0) this.newestCaptureMs = header.captureUs / 1000;
    if ((header.flags & recordFlag.key) === 0) return;
    const atMs = (header.tfdt / frame.timescale) * 1000;
    if (this.#lastKeyMs !== null && atMs > this.#lastKeyMs) {
      this.#gops.push({ atMs: nowMs, seconds: (atMs - this.#lastKeyMs) / 1000 });
      while (this.#gops.length > 120 || nowMs - (this.#gops[0]?.atMs ?? nowMs) > 60_000) this.#gops.shift();
    }
    this.#lastKeyMs = atMs;
  }

  newRun(): void {
    this.#lastKeyMs = null;
    this.#gops = [];
  }

  /** Over the last three whole seconds; null before the first. */
  rates(nowMs: number): { fps: number; bitrate: number } | null {
    this.#turn(nowMs);
    const { length } = this.#past;
    if (length === 0) return null;
    const frames = this.#past.reduce((sum, second) => sum + second.frames, 0);
    const bytes = this.#past.reduce((sum, second) => sum + second.bytes, 0);
    return { fps: frames / length, bitrate: (bytes * 8) / length };
  }

  /** Longest of the last minute. */
  get gopSeconds(): number | null {
    return this.#gops.length > 0 ? Math.max(...this.#gops.map((gop) => gop.seconds)) : null;
  }

  #turn(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    if (this.#second === 0) this.#second = second;
    // A process that slept has nothing to say of the seconds it missed.
    if (second - this.#second > 3) this.#past = [];
    else if (second !== this.#second) {
      this.#past.push({ frames: this.#frames, bytes: this.#bytes });
      for (let missed = this.#second + 1; missed < second; missed += 1) this.#past.push({ frames: 0, bytes: 0 });
      this.#past = this.#past.slice(-3);
    }
    if (second !== this.#second) {
      this.#frames = 0;
      this.#bytes = 0;
      this.#second = second;
    }
  }
}
