import type { LogChunk } from './disk/segment.ts';
import type { LiveSegment } from './live-segment.ts';

export interface LiveChunks {
  segments: readonly LiveSegment[];
  run: number | undefined;
  /** Of the leading track. */
  lead: number | undefined;
  /** What is in no part yet. */
  pending: readonly LogChunk[];
}

/** Chunks in memory from the last key frame on, or from the last one at or before `fromMs` (UTC), what is in no part yet included. */
export function chunksSince({ segments, run, lead, pending }: LiveChunks, fromMs: number | null): LogChunk[] {
  const kept = segments
    .filter((segment) => segment.run === run)
    .flatMap((segment) => segment.parts.flatMap((part) => part.chunks));
  const chunks = [...kept, ...pending];
  const opens = (chunk: LogChunk) => chunk.key && chunk.track === lead;
  const start = chunks.findLastIndex((chunk) => opens(chunk) && (fromMs === null || chunk.captureUs <= fromMs * 1000));
  return chunks.slice(start < 0 ? chunks.findIndex(opens) : start);
}
