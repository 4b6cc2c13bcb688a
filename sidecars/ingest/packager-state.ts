import type { StatePayload } from '#server/contracts/log-record.ts';

import type { AccessUnit } from './source.ts';

const stateEveryUs = 1_000_000;

/** What is measured at the source, told each second as a STATE record. */
export class SourceMeter {
  source: StatePayload['source'] = 'starting';
  /** Packets lost on the way, since the source was opened. */
  lost = 0;
  /** Access units that no run could take. */
  dropped = 0;
  #lostBefore = 0;
  #droppedBefore = 0;
  #frames = 0;
  #bytes = 0;
  #sinceUs: number | null = null;

  unit(unit: AccessUnit, isVideo: boolean): void {
    this.source = 'connected';
    if (isVideo) this.#frames += 1;
    this.#bytes += unit.payload.form === 'pieces' ? unit.payload.size : unit.payload.data.length;
  }

  /** Losses are told since the run began. */
  beginRun(dropped: number): void {
    this.#lostBefore = this.lost;
    this.#droppedBefore = dropped;
  }

  /** A state when a second has passed; `dropped`: all of the stream's so far. */
  tick(nowUs: number, dropped: number): StatePayload | null {
    if (this.#sinceUs === null) {
      this.#sinceUs = nowUs;
      return null;
    }
    const elapsed = (nowUs - this.#sinceUs) / 1e6;
    if (elapsed < stateEveryUs / 1e6) return null;
    const state: StatePayload = {
      fps: Math.round((this.#frames / elapsed) * 100) / 100,
      bitrate: Math.round((this.#bytes * 8) / elapsed),
      lost: this.lost - this.#lostBefore,
      dropped: Math.max(0, dropped - this.#droppedBefore),
      source: this.source,
    };
    this.#sinceUs = nowUs;
    this.#frames = 0;
    this.#bytes = 0;
    return state;
  }
}
