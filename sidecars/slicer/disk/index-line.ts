/** Lines of a blob's `.idx`: `crc32 json`, one fact a line, so that a torn tail is seen and cut, and a person can read it. */
import { crc32 } from 'node:zlib';

import { z } from 'zod';

import { storedRun } from './part-frame.ts';
import type { SegmentMeta, Span, StoredSegment } from './segment.ts';

const segmentFlag = { discontinuity: 1, synthetic: 2, independent: 4, recovered: 8 } as const;
const spanKind = z.enum(['recorded', 'slate', 'dropped', 'off', 'retention']);
export const storedSpan = z.tuple([z.number(), z.number(), spanKind]);

const writerPosition = z.object({ epoch: z.int(), seq: z.number() });

/** m media sequence, r run, s start ms, d duration ms, f flags, w bandwidth, o offset, n span, g ranges [track, gap, length …], k tracks, q writer. */
const segmentLine = z.object({
  t: z.literal('segment'),
  m: z.int(),
  r: z.int(),
  s: z.number(),
  d: z.number(),
  f: z.int(),
  w: z.number(),
  o: z.int(),
  n: z.int(),
  g: z.array(z.int()),
  k: z.array(z.tuple([z.int(), z.number(), z.number(), z.int(), z.string()])),
  q: writerPosition.nullable(),
});

export const indexLine = z.discriminatedUnion('t', [
  /** First line: whose blob it is. */
  z.object({ t: z.literal('blob'), version: z.literal(1), epoch: z.int() }),
  storedRun.extend({ t: z.literal('run') }),
  segmentLine,
  /** Why nothing was kept for a while before this blob. */
  z.object({ t: z.literal('hole'), span: storedSpan }),
  /** Last line: the blob is whole; what the store keeps of it in memory. */
  z.object({
    t: z.literal('end'),
    first: z.int(),
    last: z.int(),
    runs: z.array(z.int()),
    spans: z.array(storedSpan),
    blobBytes: z.int(),
    writer: writerPosition.nullable(),
  }),
]);
export type IndexLine = z.infer<typeof indexLine>;

export function encodeIndexLine(line: IndexLine): Buffer {
  const json = JSON.stringify(line);
  return Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} ${json}\n`);
}

/** The lines of whole and sound text, and how many bytes they take; what follows the first damaged one is not looked at. */
export function decodeIndex(bytes: Buffer): { lines: IndexLine[]; soundBytes: number } {
  const lines: IndexLine[] = [];
  let soundBytes = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, soundBytes);
    if (end < 0) return { lines, soundBytes };
    const line = decodeLine(bytes.subarray(soundBytes, end));
    if (!line) return { lines, soundBytes };
    lines.push(line);
    soundBytes = end + 1;
  }
}

function decodeLine(bytes: Buffer): IndexLine | null {
  const json = bytes.subarray(9);
  if (crc32(json) !== Number.parseInt(bytes.toString('latin1', 0, 8), 16)) return null;
  try {
    return indexLine.safeParse(JSON.parse(json.toString())).data ?? null;
  } catch {
    return null; // Sound checksum over no JSON: a line of zeros, for one.
  }
}

export function segmentToLine(segment: StoredSegment): IndexLine {
  let end = segment.offset;
  const g: number[] = [];
  for (const range of segment.ranges) {
    g.push(range.track, range.offset - end, range.length);
    end = range.offset + range.length;
  }
  return {
    t: 'segment',
    m: segment.mediaSequence,
    r: segment.run,
    s: segment.startMs,
    d: segment.durationMs,
    f:
      (segment.discontinuity ? segmentFlag.discontinuity : 0) |
      (segment.synthetic ? segmentFlag.synthetic : 0) |
      (segment.independent ? segmentFlag.independent : 0) |
      (segment.recovered ? segmentFlag.recovered : 0),
    w: segment.bandwidth,
    o: segment.offset,
    n: segment.span,
    g,
    k: segment.tracks.map(({ track, tfdt, duration, bytes, sha256 }) => [track, tfdt, duration, bytes, sha256]),
    q: segment.writer,
  };
}

export function segmentFromLine(line: z.infer<typeof segmentLine>): StoredSegment {
  const ranges: StoredSegment['ranges'] = [];
  let end = line.o;
  for (let at = 0; at + 2 < line.g.length; at += 3) {
    const [track = 0, gap = 0, length = 0] = line.g.slice(at, at + 3);
    ranges.push({ track, offset: end + gap, length });
    end += gap + length;
  }
  const tracks = line.k.map(([track, tfdt, duration, bytes, sha256]) => ({ track, tfdt, duration, bytes, sha256 }));
  return {
    mediaSequence: line.m,
    run: line.r,
    startMs: line.s,
    durationMs: line.d,
    bytes: tracks.reduce((sum, track) => sum + track.bytes, 0),
    bandwidth: line.w,
    discontinuity: (line.f & segmentFlag.discontinuity) !== 0,
    synthetic: (line.f & segmentFlag.synthetic) !== 0,
    independent: (line.f & segmentFlag.independent) !== 0,
    recovered: (line.f & segmentFlag.recovered) !== 0,
    tracks,
    offset: line.o,
    span: line.n,
    ranges,
    writer: line.q,
  };
}

export function spanToLine(span: Span): z.infer<typeof storedSpan> {
  return [span.fromMs, span.toMs, span.kind];
}

export function spanFromLine([fromMs, toMs, kind]: z.infer<typeof storedSpan>): Span {
  return { fromMs, toMs, kind };
}

/** What readers see of a stored segment. */
export function metaOf(segment: StoredSegment): SegmentMeta {
  const { offset: _offset, span: _span, ranges: _ranges, writer: _writer, ...meta } = segment;
  return meta;
}
