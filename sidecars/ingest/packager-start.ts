import type { TimedUnit } from './packager-track.ts';
import type { Pipe } from './packager-tracks.ts';

/** More than a second of anything; beyond it the run begins with the clock as it is. */
const unitsMax = 2000;
const bytesMax = 16 * 1024 * 1024;

export interface WaitingUnit {
  pipe: Pipe;
  timed: TimedUnit;
}

/** Holds the first units of a pull until its clock can be told (`TimelineClock.isReady`): a second at most, none where the sender tells its own. */
export class StartQueue {
  #units: WaitingUnit[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#units.length === 0;
  }

  get isFull(): boolean {
    return this.#units.length >= unitsMax || this.#bytes >= bytesMax;
  }

  add(pipe: Pipe, timed: TimedUnit): void {
    const { payload } = timed.unit;
    this.#bytes += payload.form === 'pieces' ? payload.size : payload.data.length;
    this.#units.push({ pipe, timed });
  }

  take(): WaitingUnit[] {
    const units = this.#units;
    this.#units = [];
    this.#bytes = 0;
    return units;
  }
}
