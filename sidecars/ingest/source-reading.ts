import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from 'pino';

import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import { SourceError, type OpenSource, type SourceSink } from './source.ts';

export type OpenSourceBy = (
  source: IngestAssignment['source'],
  /** `addressNow`: of the newest assignment, for a source whose address moves while it is read. */
  context: { sink: SourceSink; signal: AbortSignal; addressNow: () => string },
) => Promise<OpenSource>;

interface ReadingOptions {
  source: IngestAssignment['source'];
  openSource: OpenSourceBy;
  addressNow: () => string;
  /** What it throws ends the reading. */
  sink: SourceSink;
  onOpen: (open: OpenSource) => void;
  /** The first picture or sound is there. */
  onFirstUnit: () => void;
  /** It did not close within its deadline: something of it is still in this process. */
  onLeak: () => void;
  /** Lets it go. */
  signal: AbortSignal;
  log: Logger;
}

export interface ReadingEnd {
  /** Null where it was let go. */
  error: SourceError | null;
  /** Since its first unit. */
  healthyMs: number;
}

const openMsMax = 20_000;
const closeMsMax = 2000;
const watchEveryMs = 250;
/** Frames of a camera come many a second; five seconds without one is a stall, whatever the socket says. */
const silenceMsMax = 5000;
/** HLS brings a segment at a time, and ten seconds are still usual. */
const hlsSilenceMsMax = 15_000;
const snapshotIntervals = 2.5;

export function silenceLimitMs({ kind, options }: IngestAssignment['source']): number {
  if (kind === 'hls') return hlsSilenceMsMax;
  if (kind === 'snapshot') return Math.max(silenceMsMax, snapshotIntervals * 1000 * (options.intervalSeconds ?? 1));
  return silenceMsMax;
}

/** One opening of a source until it fails, is silent too long, or is let go; resolves when nothing of it is left. */
export async function readSource(options: ReadingOptions): Promise<ReadingEnd> {
  const { source, openSource, addressNow, signal } = options;
  const closing = new AbortController();
  const { promise: over, resolve: finish } = Promise.withResolvers<SourceError | null>();
  const letGo = () => finish(null);
  signal.addEventListener('abort', letGo, { once: true });
  let firstUnitAtMs: number | null = null;
  let heardAtMs = performance.now();
  let isOpen = false;

  const sink: SourceSink = (event) => {
    if (closing.signal.aborted) return;
    if (event.type === 'unit') {
      heardAtMs = performance.now();
      if (firstUnitAtMs === null) {
        firstUnitAtMs = heardAtMs;
        options.onFirstUnit();
      }
    }
    try {
      options.sink(event);
    } catch (error) {
      finish(new SourceError('INTERNAL', `packager: ${String(error)}`, { retry: true, cause: error }));
    }
  };
  const opening = openSource(source, { sink, signal: closing.signal, addressNow });
  opening
    .then((open) => {
      isOpen = true;
      options.onOpen(open);
      heardAtMs = performance.now();
      return open.done;
    })
    .then(() => finish(new SourceError('CLOSED', 'the source ended', { retry: true })))
    .catch((error: unknown) => finish(asSourceError(error)));
  const silenceMs = silenceLimitMs(source);
  const watch = setInterval(() => {
    const limitMs = isOpen ? silenceMs : openMsMax;
    if (performance.now() - heardAtMs <= limitMs) return;
    const what = isOpen ? 'no frame' : 'no answer';
    finish(new SourceError('TIMED_OUT', `${what} for ${limitMs / 1000} s`, { retry: true }));
  }, watchEveryMs);

  const error = await over;
  clearInterval(watch);
  signal.removeEventListener('abort', letGo);
  closing.abort();
  await close(opening, options);
  return { error, healthyMs: firstUnitAtMs === null ? 0 : performance.now() - firstUnitAtMs };
}

/** Two readers of one source must not be: what does not close in time is told. */
async function close(opening: Promise<OpenSource>, { log, onLeak }: ReadingOptions): Promise<void> {
  const closed = opening.then(
    (open) => open.close(),
    () => {
      // It never opened; the reading's end has the reason.
    },
  );
  const isLate = await Promise.race([
    closed.then(
      () => false,
      () => false, // What fails to close has said so, and is closed.
    ),
    sleep(closeMsMax, true),
  ]);
  if (!isLate) return;
  log.error({ action: 'source.leak' }, `the source did not close within ${closeMsMax} ms`);
  onLeak();
}

function asSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  return new SourceError('INTERNAL', String(error), { retry: true, cause: error });
}
