import { z } from 'zod';

import type { StreamId } from '#server/contracts/ids.ts';
import { segmentRow, type SegmentRow } from '#server/contracts/sidecar.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Database } from '#server/platform/transaction.ts';

import { joinSegments, type Span } from './coverage.ts';
import { planetCoverage, type PlanetCoverage, type PlanetSpan } from './planet-coverage.ts';
import * as store from './store.ts';

const minuteMs = 60_000;
/** A day and a bit at a time: one row a minute. */
const minutesMax = 1500;
const segments = z.array(segmentRow);

/** What is kept of streams: a cache of the logs' own indexes, for questions that many streams are asked at once. */
export class RecordingsService {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(options: { database: Database; now?: () => Date }) {
    this.#database = options.database;
    this.#now = options.now ?? (() => new Date());
  }

  /** A slicer tells the closed segments of a minute: those it knows of, which after a restart is not all. Minutes too old for the camera go. */
  async recordMinute(minute: { streamId: StreamId; minuteMs: number; segments: SegmentRow[] }): Promise<void> {
    await store.writeMinute(this.#database, { ...minute, minute: new Date(minute.minuteMs) });
    await store.deleteOldMinutes(this.#database, minute.streamId, this.#now());
  }

  /** The stream's log was erased. */
  forget(streamId: StreamId): Promise<void> {
    return store.deleteMinutes(this.#database, streamId);
  }

  /** How many cameras have a picture in each part of a span. */
  planetCoverage(span: PlanetSpan): Promise<PlanetCoverage> {
    return planetCoverage(this.#database, { ...span, now: this.#now() });
  }

  /** Where there are pictures between two times, joined over gaps too short to see. */
  async coverage(streamId: StreamId, from: Date, to: Date): Promise<Span[]> {
    if (to.getTime() - from.getTime() > minutesMax * minuteMs) {
      throw new AppError('BAD_REQUEST', { message: 'coverage is told for a day at a time', details: { field: 'to' } });
    }
    // A segment belongs to the minute it starts in and may reach into the next.
    const first = new Date(Math.floor(from.getTime() / minuteMs) * minuteMs - minuteMs);
    const rows = await store.listMinutes(this.#database, streamId, first, to, minutesMax + 2);
    return joinSegments(
      rows.flatMap((row) => segments.parse(row.segments)),
      { fromMs: from.getTime(), toMs: to.getTime() },
    );
  }
}
