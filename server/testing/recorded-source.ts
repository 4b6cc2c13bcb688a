import { setTimeout as sleep } from 'node:timers/promises';

import pino from 'pino';

import { openRtsp, type RtspOptions } from '#sidecars/ingest/rtsp/open-rtsp.ts';
import type { AccessUnit, OpenSource, SourceEvent } from '#sidecars/ingest/source.ts';

/** An RTSP source for tests: what it said, and waits for what it will say. */
export interface RecordedSource {
  source: OpenSource;
  events: SourceEvent[];
  /** All log lines, as text. */
  logged: string[];
  units: (track: number) => AccessUnit[];
  /** Resolves when `isTrue`; rejects after 10 s. */
  until: (isTrue: () => boolean) => Promise<void>;
}

export async function openRecorded(options: Partial<RtspOptions> & { url: string }): Promise<RecordedSource> {
  const events: SourceEvent[] = [];
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
  const { signal } = new AbortController();
  const source = await openRtsp({ transport: 'tcp', log, signal, ...options }, (event) => events.push(event));
  return {
    source,
    events,
    logged,
    units: (track) =>
      events.flatMap((event) => (event.type === 'unit' && event.unit.track === track ? [event.unit] : [])),
    until,
  };
}

export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true within 10 s');
    await sleep(10);
  }
}

/** The bytes of a video access unit as they go into MP4. */
export function unitBytes({ payload }: AccessUnit): Buffer {
  return payload.form === 'pieces' ? Buffer.concat(payload.pieces) : payload.data;
}
