import type { LiveStream } from './stream.ts';

const silentMsMax = 10_000;

/** What the slicer has to do and does not get on with; null while all goes on. */
export function stuckOf(streams: Iterable<Pick<LiveStream, 'silentMs'>>, nowMs: number): string | null {
  for (const stream of streams) {
    if (stream.silentMs(nowMs) > silentMsMax) return 'writers connected and nothing written for 10 s';
  }
  return null;
}
