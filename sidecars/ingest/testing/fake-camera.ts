import { setTimeout as sleep } from 'node:timers/promises';

import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import type { PullOptions, PullPackager } from '../pull.ts';
import { monotonicUtcUs, SourceError, type SourceEvent } from '../source.ts';
import { aChunk, aClock, anEnd, anInit, aRun, aState } from './records.ts';

/**
 * A camera whose pictures are numbers: it counts on wherever it is read, as a real one's time does. The address is its mood:
 * `steady`, `stalls-after-N`, `closes-after-N`, `refused`, `busy-N` (blocks the process), `never-opens`, `will-not-close`.
 */
export const openFakeSource: PullOptions['openSource'] = async ({ address }, { sink, signal }) => {
  const [mood, count] = moodOf(address);
  if (mood === 'refused') throw new SourceError('AUTH_REFUSED', 'wrong password', { retry: false });
  if (mood === 'never-opens') await sleep(60_000, undefined, { signal });
  sink({ type: 'tracks', tracks: [] });
  const { promise: done, reject, resolve } = Promise.withResolvers<void>();
  let sent = 0;
  const timer = setInterval(() => {
    if (mood === 'stalls' && sent >= count) return;
    if (mood === 'closes' && sent >= count) return reject(new SourceError('CLOSED', 'hung up', { retry: true }));
    if (mood === 'dies' && sent >= count) process.abort();
    sent += 1;
    const payload = { form: 'sample', data: Buffer.alloc(200) } as const;
    sink({
      type: 'unit',
      unit: { track: 1, pts: 0, dts: 0, key: sent % 15 === 1, payload, arrivalUs: monotonicUtcUs(), lostBefore: false },
    });
  }, 10);
  return {
    done,
    close: async () => {
      if (mood === 'will-not-close') await sleep(60_000);
      clearInterval(timer);
      resolve();
    },
  };
};

function moodOf(address: string): [mood: string, count: number] {
  const match = /^(?<mood>.+?)(?:-after-(?<count>\d+))?$/.exec(address);
  return [match?.groups?.['mood'] ?? address, Number(match?.groups?.['count'] ?? 0)];
}

/** Counts pictures by the clock, so that a later process goes on above an earlier one. */
export class FakePackager implements PullPackager {
  readonly #emit: (record: Buffer) => void;
  #run: number;
  #reason: string;
  #isRunning = false;
  #n = Math.floor(Date.now() / 10) % 0x7fffffff;

  constructor({ firstRun, emit }: { firstRun: number; emit: (record: Buffer) => void }) {
    this.#emit = emit;
    this.#run = firstRun - 1;
    this.#reason = firstRun > 1 ? 'reconnect' : 'start';
  }

  onEvent(event: SourceEvent): void {
    if (event.type !== 'unit') return;
    if (!this.#isRunning) {
      if (!event.unit.key) return;
      this.#isRunning = true;
      this.#run += 1;
      for (const record of [aRun(this.#run, ['video'], this.#reason), anInit(1), aClock(1)]) this.#emit(record);
      this.#n = Math.max(this.#n + 1, Math.floor(Date.now() / 10) % 0x7fffffff);
    }
    this.#emit(aChunk({ n: this.#n, key: event.unit.key }));
    this.#n += 1;
  }

  tick(): void {
    this.#emit(aState());
  }

  reconnect(): void {
    this.#isRunning = false;
    this.#reason = 'reconnect';
  }

  end(): void {
    this.#emit(anEnd());
  }
}

export function anAssignment(over: {
  streamId: IngestAssignment['streamId'];
  logUrl: string;
  address?: string;
  epoch?: number;
  kind?: IngestAssignment['source']['kind'];
  addressMoves?: boolean;
}): IngestAssignment {
  const { streamId, logUrl, address = 'steady', epoch = 1, kind = 'rtsp', addressMoves = false } = over;
  return {
    streamId,
    epoch,
    epochMs: 0,
    logUrl,
    leaseToken: `epoch-${epoch}`,
    source: {
      kind,
      address,
      options: {},
      label: 'fake',
      latitude: 0,
      longitude: 0,
      timeZone: 'UTC',
      ...(addressMoves && { addressMoves }),
    },
  };
}
