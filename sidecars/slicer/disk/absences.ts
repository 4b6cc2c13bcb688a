import type { Logger } from 'pino';

import { extendSpans } from './coverage.ts';
import { isMedia } from './eviction.ts';
import { spanFromLine, spanToLine } from './index-line.ts';
import { writeNotes, type LogNotes } from './mark.ts';
import type { Hole, Span } from './segment.ts';

const evictedSpansMax = 500;

/** Why media is not there: what retention took, and since when nothing is kept. Remembered in the folder; losing it loses no media. */
export class Absences {
  readonly evicted: Span[];
  readonly #dir: string;
  readonly #log: Logger;
  #hole: Hole | null;
  #writing: Promise<void> = Promise.resolve();

  constructor(place: { dir: string; log: Logger; notes: LogNotes }) {
    this.#dir = place.dir;
    this.#log = place.log;
    this.evicted = place.notes.evicted.map(spanFromLine);
    this.#hole = place.notes.hole;
  }

  setHole(hole: Hole | null): void {
    this.#hole = hole;
    void this.write();
  }

  /** `spans`: of a blob that went. Why nothing was kept between its media stays known. */
  evict(spans: readonly Span[]): Promise<void> {
    for (const span of spans) extendSpans(this.evicted, isMedia(span) ? { ...span, kind: 'retention' } : span);
    // A list without end would be read at each opening: the two oldest become one.
    while (this.evicted.length > evictedSpansMax) {
      const [first, second] = this.evicted.splice(0, 2);
      if (first && second) this.evicted.unshift({ ...first, toMs: second.toMs });
    }
    return this.write();
  }

  write(): Promise<void> {
    this.#writing = this.#writing
      .then(() => writeNotes(this.#dir, { evicted: this.evicted.map(spanToLine), hole: this.#hole }))
      .catch((error: unknown) => {
        this.#log.debug({ action: 'notes.write', error: String(error) }, 'reasons of holes could not be noted');
      });
    return this.#writing;
  }
}
