import type { RecordPolicy } from '#server/contracts/camera.ts';

import type { BlobSummary } from './blob.ts';
import { endMs, type Evicted } from './eviction.ts';
import { defaultLimits } from './limits.ts';
import { isPinned, readPins } from './pins.ts';
import type { SegmentStore } from './segment-store.ts';

/** A stream as retention sees it. */
export interface RetainedStream {
  store: Pick<SegmentStore, 'blobs' | 'bytes' | 'evictBlob'>;
  dir: string;
  policy: RecordPolicy;
}

/** Blobs go as a whole, so that what is kept exceeds the policy by no more than a quarter. */
export function blobLimits(policy: RecordPolicy): { blobMs: number; blobBytes: number } {
  return {
    blobMs: Math.min(defaultLimits.blobMs, policy.maxAgeSeconds * 250),
    blobBytes: Math.min(defaultLimits.blobBytes, Math.floor((policy.maxBytes ?? Number.POSITIVE_INFINITY) / 4)),
  };
}

/** The blobs to take, oldest first: what is older than the policy keeps, then what exceeds its bytes. Pinned ones stay and count. */
export function blobsToEvict(
  blobs: readonly BlobSummary[],
  rule: { policy: RecordPolicy; totalBytes: number; nowMs: number; isPinned: (blob: BlobSummary) => boolean },
): BlobSummary[] {
  const beforeMs = rule.nowMs - rule.policy.maxAgeSeconds * 1000;
  let excess = rule.totalBytes - (rule.policy.maxBytes ?? Number.POSITIVE_INFINITY);
  const taken: BlobSummary[] = [];
  for (const blob of blobs) {
    if (rule.isPinned(blob) || (endMs(blob) > beforeMs && excess <= 0)) continue;
    taken.push(blob);
    excess -= blob.bytes;
  }
  return taken;
}

/** Applies the policy of one stream. To be called now and then: once a minute is fine, a blob is five. */
export async function applyRetention({ store, dir, policy }: RetainedStream, nowMs = Date.now()): Promise<Evicted> {
  const pins = await readPins(dir);
  const rule = { policy, totalBytes: store.bytes, nowMs, isPinned: (blob: BlobSummary) => isPinned(blob, pins) };
  const sum: Evicted = { bytes: 0, seconds: 0 };
  for (const blob of blobsToEvict(store.blobs, rule)) {
    const { bytes, seconds } = await store.evictBlob(blob);
    sum.bytes += bytes;
    sum.seconds += seconds;
  }
  return sum;
}
