import type { Asked } from '../asked.ts';
import { postpone, refuse, send } from '../reply.ts';
import type { LiveStream } from '../stream.ts';
import type { PictureSource } from './key-frames.ts';
import { stillWidths, type Still, type Stills } from './stills.ts';
import { parseTime } from './time-range.ts';
import { BusyError } from './work-queue.ts';

export type StillStream = PictureSource & Pick<LiveStream, 'store' | 'policy'>;

/** From asking to the last byte; a pointer has moved on long before. */
const deadlineMs = 5000;
/** What was recorded a minute ago is there by now, whatever way it came. */
const settledMs = 60_000;
const widthDefault = 320;
const retryAfterSeconds = 1;

/** `thumb.jpg?at=&w=`: the picture of a moment, that of the newest key frame at or before it. */
export async function serveStill(
  { stream, request, response, query }: Omit<Asked, 'stream'> & { stream: StillStream },
  stills: Stills,
): Promise<void> {
  const atMs = parseTime(query.get('at'));
  if (typeof atMs !== 'number') return refuse(response, 400, 'at is neither RFC 3339 nor epoch milliseconds');
  const asked = query.get('w');
  const width = stillWidths.find((known) => known === (asked === null ? widthDefault : Number(asked)));
  if (width === undefined) return refuse(response, 400, `w is one of ${stillWidths.join(', ')}`);
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(deadlineMs)]);
  let still: Still | null;
  try {
    still = await inTime(stills.at(stream, { atMs, width }, signal), signal);
  } catch (error) {
    // Late, crashed or overrun: the pool has counted it. A client that left hears nothing.
    const message = error instanceof BusyError ? 'too many ask for pictures' : 'the picture could not be made in time';
    // A browser writes every 503 into its console, also where the page simply asks again.
    if (/\brespond-async\b/.test(String(request.headers['prefer']))) return postpone(response, retryAfterSeconds);
    return refuse(response, 503, message, retryAfterSeconds);
  } finally {
    response.removeListener('close', leave);
  }
  if (!still) return refuse(response, 404, `nothing is recorded in the half minute before ${isoOf(atMs)}`);
  const { frame, jpeg } = still;
  const { visibility } = stream.policy;
  const scope = visibility === 'public' || visibility === 'unlisted' ? 'public' : 'private';
  const isFinal = frame.isFinal || atMs < Date.now() - settledMs;
  const caching = isFinal ? `${scope}, max-age=31536000, immutable` : `${scope}, max-age=1`;
  const etag = `"t${frame.name}w${width}"`;
  const headers = ['x-capture-time', isoOf(frame.atMs)];
  send(request, response, { type: 'image/jpeg', caching, etag, headers }, jpeg);
}

/** What has begun goes on and fills the cache; its asker is let go at the deadline all the same. */
function inTime<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error('the time is over', { cause: signal.reason }));
    signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}

/** A year beyond what a date holds is told as its number. */
function isoOf(ms: number): string {
  const date = new Date(Math.round(ms));
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
