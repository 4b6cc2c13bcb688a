/** What a crash left: cut to a whole chunk, closed short, indexed, ended. Nothing that was closed before is touched. */
import { createHash } from 'node:crypto';
import { open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';

import { blobExtension, epochOf, indexExtension, indexOfLines, removeBlob, type BlobSummary } from './blob.ts';
import { extendSpans, spanOf } from './coverage.ts';
import { decodeIndex, encodeIndexLine, segmentToLine, spanFromLine, spanToLine, type IndexLine } from './index-line.ts';
import { decodeFrame, frameLength, runToJson, type PartFrame } from './part-frame.ts';
import { replaceFile } from './replace-file.ts';
import { SegmentBuilder } from './segment-builder.ts';
import type { LogRun, Span, StoredSegment, WriterPosition } from './segment.ts';

/** Segments whose digests are checked: what a power loss within a sync interval (5 s, segments of 1 s and more) can have spoilt. */
const checkedSegments = 8;

export interface Recovered {
  /** Null where the blob held no whole segment and was removed. */
  summary: BlobSummary | null;
  /** Highest numbers seen in it, kept or not; −1 and 0 where none. */
  lastMediaSequence: number;
  lastRun: number;
  writer: WriterPosition | null;
}

export async function recoverBlob(dir: string, name: string): Promise<Recovered> {
  const blobPath = path.join(dir, name + blobExtension);
  const indexPath = path.join(dir, name + indexExtension);
  const { lines } = decodeIndex(await readFile(indexPath).catch(() => Buffer.alloc(0)));
  const { runs, segments } = indexOfLines(lines);
  const blob = await open(blobPath, 'a+');
  try {
    const kept = await soundSegments(blob, segments);
    const scan = await scanBlob(blob, { runs, from: kept.at(-1) });
    const all = [...kept, ...scan.segments];
    const result = {
      lastMediaSequence: Math.max(-1, scan.lastMediaSequence, ...segments.map((segment) => segment.mediaSequence)),
      lastRun: Math.max(0, ...runs.keys()),
      writer: all.at(-1)?.writer ?? null,
    };
    const [first] = all;
    const last = all.at(-1);
    if (!first || !last) {
      await removeBlob(dir, name);
      return { ...result, summary: null };
    }
    const blobBytes = last.offset + last.span;
    await truncate(blobPath, blobBytes);
    const holes = lines.flatMap((line) => (line.t === 'hole' ? [spanFromLine(line.span)] : []));
    const spans = all.reduce<Span[]>((list, segment) => extendSpans(list, spanOf(segment)), holes);
    const end = { first: first.mediaSequence, last: last.mediaSequence, runs: [...runs.keys()], writer: result.writer };
    const text = Buffer.concat(
      [
        { t: 'blob', version: 1, epoch: epochOf(name) } satisfies IndexLine,
        ...holes.map((span): IndexLine => ({ t: 'hole', span: spanToLine(span) })),
        ...[...runs.values()].map(runLine),
        ...all.map(segmentToLine),
        { t: 'end', ...end, spans: spans.map(spanToLine), blobBytes } satisfies IndexLine,
      ].map(encodeIndexLine),
    );
    await replaceFile(indexPath, text);
    await blob.datasync();
    return { ...result, summary: { name, epoch: epochOf(name), ...end, spans, bytes: blobBytes + text.length } };
  } finally {
    await blob.close();
  }
}

function runLine(run: LogRun): IndexLine {
  return { t: 'run', ...runToJson(run) };
}

/** The segments up to the first one that the blob does not hold as the index promises. */
async function soundSegments(blob: FileHandle, segments: StoredSegment[]): Promise<StoredSegment[]> {
  const { size } = await blob.stat();
  const short = segments.findIndex((segment) => segment.offset + segment.span > size);
  const present = short < 0 ? segments : segments.slice(0, short);
  const suspects = present.slice(-checkedSegments);
  for (const [at, segment] of suspects.entries()) {
    if (!(await isSound(blob, segment))) return present.slice(0, present.length - suspects.length + at);
  }
  return present;
}

async function isSound(blob: FileHandle, segment: StoredSegment): Promise<boolean> {
  const { buffer } = await blob.read(Buffer.alloc(segment.span), 0, segment.span, segment.offset);
  return segment.tracks.every((track) => {
    const hash = createHash('sha256');
    for (const range of segment.ranges) {
      if (range.track !== track.track) continue;
      const start = range.offset - segment.offset;
      hash.update(buffer.subarray(start, start + range.length));
    }
    return hash.digest('hex') === track.sha256;
  });
}

interface Scan {
  segments: StoredSegment[];
  lastMediaSequence: number;
}

/** Reads frame by frame from the last indexed segment on; adds runs that it meets to `runs`. */
async function scanBlob(
  blob: FileHandle,
  known: { runs: Map<number, LogRun>; from: StoredSegment | undefined },
): Promise<Scan> {
  const scan: Scan = { segments: [], lastMediaSequence: -1 };
  let at = known.from ? known.from.offset + known.from.span : 0;
  let builder: SegmentBuilder | null = null;
  let nextPart = 0;
  let whole = true;
  const close = () => {
    const segment = builder?.closeShort();
    if (segment) scan.segments.push(segment);
    builder = null;
  };
  while (whole) {
    const frame = await readFrame(blob, at);
    if (!frame) break;
    at += frame.bytes;
    if (frame.content.kind === 'run') {
      known.runs.set(frame.content.run.run, frame.content.run);
      continue;
    }
    const part = frame.content;
    scan.lastMediaSequence = Math.max(scan.lastMediaSequence, part.mediaSequence);
    if (builder?.mediaSequence !== part.mediaSequence) {
      close();
      nextPart = 0;
      const run = known.runs.get(part.run);
      builder = run && part.part === 0 ? openSegment(part, run, at, scan) : null;
    }
    // Behind a part that was never written lies nothing that joins on.
    if (part.part !== nextPart) close();
    nextPart = part.part + 1;
    const read = await addChunks(blob, { part, at, builder });
    at += read.bytes;
    whole = read.whole;
  }
  close();
  return scan;
}

function openSegment(part: PartFrame, run: LogRun, offset: number, scan: Scan): SegmentBuilder {
  const discontinuity = part.discontinuity || (scan.segments.at(-1)?.run ?? part.run) !== part.run;
  return new SegmentBuilder({
    mediaSequence: part.mediaSequence,
    run: part.run,
    tracks: run.tracks,
    offset,
    discontinuity,
  });
}

async function readFrame(
  blob: FileHandle,
  at: number,
): Promise<{ content: NonNullable<ReturnType<typeof decodeFrame>>; bytes: number } | null> {
  const head = await readAt(blob, at, 12);
  const bytes = frameLength(head);
  if (bytes === null) return null;
  const content = decodeFrame(await readAt(blob, at, bytes));
  return content && { content, bytes };
}

async function addChunks(
  blob: FileHandle,
  place: { part: PartFrame; at: number; builder: SegmentBuilder | null },
): Promise<{ bytes: number; whole: boolean }> {
  let bytes = 0;
  for (const chunk of place.part.chunks) {
    const data = await readAt(blob, place.at + bytes, chunk.length);
    if (data.length < chunk.length || crc32(data) !== chunk.crc) return { bytes, whole: false };
    place.builder?.add(chunk, data, place.at + bytes);
    if (place.builder && chunk.seq > 0) place.builder.writer = { epoch: place.part.writerEpoch, seq: chunk.seq };
    bytes += chunk.length;
  }
  return { bytes, whole: true };
}

async function readAt(blob: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await blob.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
