import { open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

import { extendSpans, spanOf } from './coverage.ts';
import {
  decodeIndex,
  encodeIndexLine,
  segmentFromLine,
  segmentToLine,
  spanFromLine,
  spanToLine,
  type IndexLine,
} from './index-line.ts';
import { encodeRunFrame, runFromJson, runToJson } from './part-frame.ts';
import type { LogRun, Span, StoredSegment, WriterPosition } from './segment.ts';

/** How bytes reach the disk; tests put a full or broken disk here. */
export interface BlobIo {
  append: (handle: FileHandle, buffers: Buffer[], position: number) => Promise<void>;
  sync: (handle: FileHandle) => Promise<void>;
}

export const diskIo: BlobIo = {
  append: async (handle, buffers, position) => {
    const total = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    const { bytesWritten } = await handle.writev(buffers, position);
    if (bytesWritten === total) return;
    // A short write is a disk that filled up on the way: writing the rest tells the reason.
    const rest = Buffer.concat(buffers).subarray(bytesWritten);
    for (let done = 0; done < rest.length;) {
      const written = await handle.write(rest, done, rest.length - done, position + bytesWritten + done);
      done += written.bytesWritten;
    }
  },
  sync: (handle) => handle.datasync(),
};

/** What stays in memory of a blob: 30 days of one stream are 8,640 of these. */
export interface BlobSummary {
  name: string;
  epoch: number;
  /** Media sequence of its first and last segment. */
  first: number;
  last: number;
  runs: number[];
  /** In order; holes before it included. */
  spans: Span[];
  bytes: number;
  writer: WriterPosition | null;
}

export interface BlobIndex {
  runs: Map<number, LogRun>;
  /** In order of media sequence. */
  segments: StoredSegment[];
}

export const blobExtension = '.cmaf';
export const indexExtension = '.idx';
const namePattern = /^(\d{6,})-(\d{10,})\.(cmaf|idx)$/;

/** Sorts by epoch, then by first media sequence. */
export function blobName(epoch: number, mediaSequence: number): string {
  return `${String(epoch).padStart(6, '0')}-${String(mediaSequence).padStart(10, '0')}`;
}

export function epochOf(name: string): number {
  return Number.parseInt(name, 10);
}

/** Names (without extension) of all blobs in a folder, oldest first. */
export async function listBlobs(dir: string): Promise<string[]> {
  const names = new Set<string>();
  for (const file of await readdir(dir)) {
    const match = namePattern.exec(file);
    if (match) names.add(`${match[1]}-${match[2]}`);
  }
  return [...names].toSorted();
}

export async function removeBlob(dir: string, name: string): Promise<void> {
  await rm(path.join(dir, name + blobExtension), { force: true });
  await rm(path.join(dir, name + indexExtension), { force: true });
}

export function indexOfLines(lines: IndexLine[]): BlobIndex {
  const index: BlobIndex = { runs: new Map(), segments: [] };
  for (const line of lines) {
    if (line.t === 'segment') index.segments.push(segmentFromLine(line));
    if (line.t === 'run') index.runs.set(line.run, runFromJson(line));
  }
  return index;
}

export async function readIndex(dir: string, name: string): Promise<BlobIndex> {
  return indexOfLines(decodeIndex(await readFile(path.join(dir, name + indexExtension))).lines);
}

/** The summary in the last line of a whole index, without reading the rest; null where the blob was not ended. */
export async function readSummary(dir: string, name: string): Promise<BlobSummary | null> {
  const handle = await open(path.join(dir, name + indexExtension), 'r').catch(() => null);
  if (!handle) return null;
  try {
    const { size } = await handle.stat();
    // Most ends fit in 4 KiB; one with many holes is read whole.
    for (const length of [Math.min(size, 4096), size]) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      const tail = buffer.subarray(0, bytesRead);
      const start = tail.lastIndexOf(0x0a, tail.length - 2) + 1;
      if (start === 0 && length < size) continue;
      const end = decodeIndex(tail.subarray(start)).lines[0];
      if (end?.t !== 'end') return null;
      const blob = await stat(path.join(dir, name + blobExtension)).catch(() => null);
      if (!blob || blob.size < end.blobBytes) return null;
      const { first, last, runs, writer } = end;
      return {
        name,
        epoch: epochOf(name),
        first,
        last,
        runs,
        spans: end.spans.map(spanFromLine),
        bytes: blob.size + size,
        writer,
      };
    }
    return null;
  } finally {
    await handle.close();
  }
}

/** A blob that grows, and its index. Calls follow one another; the store sees to it. */
export class BlobWriter {
  readonly name: string;
  readonly openedAt = Date.now();
  readonly index: BlobIndex = { runs: new Map(), segments: [] };
  readonly spans: Span[] = [];
  size = 0;
  indexSize = 0;
  writer: WriterPosition | null = null;
  readonly #io: BlobIo;
  readonly #blob: FileHandle;
  readonly #lines: FileHandle;

  constructor(files: { name: string; io: BlobIo; blob: FileHandle; lines: FileHandle }) {
    this.name = files.name;
    this.#io = files.io;
    this.#blob = files.blob;
    this.#lines = files.lines;
  }

  static async create(place: {
    dir: string;
    name: string;
    io: BlobIo;
    run: LogRun;
    holes: Span[];
  }): Promise<BlobWriter> {
    const { dir, name, io } = place;
    const blob = await open(path.join(dir, name + blobExtension), 'wx+');
    const lines = await open(path.join(dir, name + indexExtension), 'wx+').catch(async (error: unknown) => {
      await blob.close();
      throw error;
    });
    const writer = new BlobWriter({ name, io, blob, lines });
    try {
      await writer.line({ t: 'blob', version: 1, epoch: epochOf(name) });
      for (const hole of place.holes) {
        extendSpans(writer.spans, hole);
        await writer.line({ t: 'hole', span: spanToLine(hole) });
      }
      await writer.putRun(place.run);
      return writer;
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  async append(buffers: Buffer[]): Promise<void> {
    await this.#io.append(this.#blob, buffers, this.size);
    for (const buffer of buffers) this.size += buffer.length;
  }

  async line(line: IndexLine): Promise<void> {
    const bytes = encodeIndexLine(line);
    await this.#io.append(this.#lines, [bytes], this.indexSize);
    this.indexSize += bytes.length;
  }

  async putRun(run: LogRun): Promise<void> {
    if (this.index.runs.has(run.run)) return;
    await this.append([encodeRunFrame(run)]);
    await this.line({ t: 'run', ...runToJson(run) });
    this.index.runs.set(run.run, run);
  }

  async putSegment(segment: StoredSegment): Promise<void> {
    await this.line(segmentToLine(segment));
    this.index.segments.push(segment);
    extendSpans(this.spans, spanOf(segment));
  }

  /** The blob before its index, so that the index never promises what the blob lost. */
  async sync(): Promise<void> {
    await this.#io.sync(this.#blob);
    await this.#io.sync(this.#lines);
  }

  /** Forgets what lies behind the last closed segment: an abandoned one. */
  dropTail(): void {
    const last = this.index.segments.at(-1);
    if (last) this.size = last.offset + last.span;
  }

  /** Cuts the files to what is known of them: a failed write can have left half of itself. */
  async cut(): Promise<void> {
    await this.#blob.truncate(this.size);
    await this.#lines.truncate(this.indexSize);
  }

  summary(): BlobSummary {
    const { segments, runs } = this.index;
    return {
      name: this.name,
      epoch: epochOf(this.name),
      first: segments[0]?.mediaSequence ?? -1,
      last: segments.at(-1)?.mediaSequence ?? -1,
      runs: [...runs.keys()],
      spans: this.spans,
      bytes: this.size + this.indexSize,
      writer: this.writer,
    };
  }

  /** Its last line: what an opening reads instead of the whole index. */
  endLine(): IndexLine {
    const { first, last, runs, spans, writer } = this.summary();
    return { t: 'end', first, last, runs, spans: spans.map(spanToLine), blobBytes: this.size, writer };
  }

  async end(): Promise<void> {
    await this.line(this.endLine());
    await this.sync();
  }

  /** Closes the files as they are; recovery ends the blob at the next opening. */
  async abandon(): Promise<void> {
    await Promise.allSettled([this.#blob.close(), this.#lines.close()]);
  }
}
