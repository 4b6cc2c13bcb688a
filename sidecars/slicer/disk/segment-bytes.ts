import { open } from 'node:fs/promises';
import path from 'node:path';

import { blobExtension } from './blob.ts';
import type { StoredSegment } from './segment.ts';

type Ranges = StoredSegment['ranges'];

/** Where a closed segment lies. */
export interface SegmentPlace {
  dir: string;
  /** Of its blob. */
  name: string;
  segment: StoredSegment;
}

/** The bytes of the wanted tracks, joined in order of arrival. One read of the whole segment: ranges are a few KB apart. Null where the blob is gone or short. */
export function readSegment(place: SegmentPlace, tracks: readonly number[] | 'all'): Promise<Buffer | null> {
  const { offset, span, ranges } = place.segment;
  return readRanges(place, { offset, span, ranges }, tracks);
}

/** One part of it; null where it never had so many. */
export async function readPart(
  place: SegmentPlace,
  part: number,
  tracks: readonly number[] | 'all',
): Promise<Buffer | null> {
  const ranges = partsOf(place.segment.ranges)[part];
  const [first, last] = [ranges?.[0], ranges?.at(-1)];
  if (!ranges || !first || !last) return null;
  const span = last.offset + last.length - first.offset;
  return readRanges(place, { offset: first.offset, span, ranges }, tracks);
}

/** Parts are written in one piece each, with a frame before it: where ranges do not touch, one ends and the next begins. */
function partsOf(ranges: Ranges): Ranges[] {
  const parts: Ranges[] = [];
  let end = -1;
  for (const range of ranges) {
    if (range.offset === end) parts.at(-1)?.push(range);
    else parts.push([range]);
    end = range.offset + range.length;
  }
  return parts;
}

async function readRanges(
  place: { dir: string; name: string },
  { offset, span, ranges }: { offset: number; span: number; ranges: Ranges },
  tracks: readonly number[] | 'all',
): Promise<Buffer | null> {
  const blob = await open(path.join(place.dir, place.name + blobExtension), 'r').catch(() => null);
  if (!blob) return null;
  try {
    const whole = Buffer.allocUnsafe(span);
    const { bytesRead } = await blob.read(whole, 0, span, offset);
    if (bytesRead < span) return null;
    // Moved together in place: a second buffer of a megabyte costs more than the reading.
    let end = 0;
    for (const range of ranges) {
      if (tracks !== 'all' && !tracks.includes(range.track)) continue;
      const start = range.offset - offset;
      if (start !== end) whole.copyWithin(end, start, start + range.length);
      end += range.length;
    }
    return whole.subarray(0, end);
  } finally {
    await blob.close();
  }
}
