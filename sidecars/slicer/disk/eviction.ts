import type { BlobSummary } from './blob.ts';
import type { Span } from './segment.ts';

/** What was taken away. */
export interface Evicted {
  bytes: number;
  seconds: number;
}

/** What goes with a blob. */
export function evictedOf({ spans, bytes }: BlobSummary): Evicted {
  const seconds = spans.filter(isMedia).reduce((sum, span) => sum + (span.toMs - span.fromMs) / 1000, 0);
  return { bytes, seconds };
}

export function isMedia({ kind }: Span): boolean {
  return kind === 'recorded' || kind === 'slate';
}

export function endMs(blob: BlobSummary): number {
  return Math.max(...blob.spans.map((span) => span.toMs));
}
