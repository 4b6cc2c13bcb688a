/**
 * How parts and runs lie in a blob: each is preceded by a frame, an ISO `free` box of ours that every MP4 reader skips, which says what follows and
 * carries its checksums. So a part is one write, a blob can be read without its index, and what a crash left is cut to a whole chunk.
 */
import { crc32 } from 'node:zlib';

import { z } from 'zod';

import { runTrack } from '#server/contracts/log-record.ts';

import type { LogPart, LogRun } from './segment.ts';

const fixedBytes = 36;
const entryBytes = 40;
const crcBytes = 4;
const partMagic = 0x736e7031; // snp1
const runMagic = 0x736e7231; // snr1
const freeType = 0x66726565;
const chunkFlag = { key: 1, synthetic: 2 } as const;
/** A frame is never longer: 65,535 chunks of 40 bytes, or a run's inits. Bounds what a damaged size field can make us read. */
const frameBytesMax = 4 * 1024 * 1024;

export interface FramedChunk {
  track: number;
  length: number;
  crc: number;
  tfdt: number;
  duration: number;
  captureUs: number;
  key: boolean;
  synthetic: boolean;
  seq: number;
}

export interface PartFrame {
  kind: 'part';
  mediaSequence: number;
  run: number;
  part: number;
  discontinuity: boolean;
  writerEpoch: number;
  chunks: FramedChunk[];
}

export interface RunFrame {
  kind: 'run';
  run: LogRun;
}

/** The frame that stands before the part's chunks. */
export function encodePartFrame(part: LogPart, run: number): Buffer {
  const size = fixedBytes + entryBytes * part.chunks.length + crcBytes;
  const frame = Buffer.alloc(size);
  frame.writeUInt32BE(size, 0);
  frame.writeUInt32BE(freeType, 4);
  frame.writeUInt32BE(partMagic, 8);
  frame.writeDoubleBE(part.mediaSequence, 12);
  frame.writeUInt32BE(run, 20);
  frame.writeUInt16BE(part.part, 24);
  frame.writeUInt16BE(part.chunks.length, 26);
  frame.writeUInt8(part.discontinuity ? 1 : 0, 28);
  frame.writeUInt32BE(part.writerEpoch ?? 0, 32);
  let at = fixedBytes;
  for (const chunk of part.chunks) {
    frame.writeUInt16BE(chunk.track, at);
    frame.writeUInt8((chunk.key ? chunkFlag.key : 0) | (chunk.synthetic ? chunkFlag.synthetic : 0), at + 2);
    frame.writeUInt32BE(chunk.data.length, at + 4);
    frame.writeUInt32BE(crc32(chunk.data), at + 8);
    frame.writeUInt32BE(chunk.duration, at + 12);
    // Doubles are exact to 2^53, as the header of a record is.
    frame.writeDoubleBE(chunk.tfdt, at + 16);
    frame.writeDoubleBE(chunk.captureUs, at + 24);
    frame.writeDoubleBE(chunk.seq ?? 0, at + 32);
    at += entryBytes;
  }
  frame.writeUInt32BE(crc32(frame.subarray(0, at)), at);
  return frame;
}

/** A run as JSON, for frames and for lines of the index. */
export const storedRun = z.object({
  run: z.int(),
  tracks: z.array(runTrack),
  inits: z.array(z.tuple([z.int(), z.base64()])),
  discontinuity: z.boolean(),
});

export function runToJson(run: LogRun): z.infer<typeof storedRun> {
  const inits = [...run.inits].map(([track, init]): [number, string] => [track, init.toString('base64')]);
  return { run: run.run, tracks: run.tracks, inits, discontinuity: run.discontinuity };
}

export function runFromJson(json: z.infer<typeof storedRun>): LogRun {
  return { ...json, inits: new Map(json.inits.map(([track, init]) => [track, Buffer.from(init, 'base64')])) };
}

export function encodeRunFrame(run: LogRun): Buffer {
  const json = Buffer.from(JSON.stringify(runToJson(run)));
  const head = Buffer.alloc(12);
  head.writeUInt32BE(12 + json.length + crcBytes, 0);
  head.writeUInt32BE(freeType, 4);
  head.writeUInt32BE(runMagic, 8);
  const tail = Buffer.alloc(crcBytes);
  tail.writeUInt32BE(crc32(json, crc32(head)), 0);
  return Buffer.concat([head, json, tail]);
}

/** Length of the frame that begins with these 12 bytes; null where no frame begins. */
export function frameLength(head: Buffer): number | null {
  if (head.length < 12 || head.readUInt32BE(4) !== freeType) return null;
  const size = head.readUInt32BE(0);
  const magic = head.readUInt32BE(8);
  if (magic !== partMagic && magic !== runMagic) return null;
  return size >= 12 + crcBytes && size <= frameBytesMax ? size : null;
}

/** The frame in exactly these bytes; null where they are damaged. */
export function decodeFrame(bytes: Buffer): PartFrame | RunFrame | null {
  const end = bytes.length - crcBytes;
  if (frameLength(bytes) !== bytes.length || crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) return null;
  if (bytes.readUInt32BE(8) === runMagic) return decodeRun(bytes.subarray(12, end));
  const count = bytes.length >= fixedBytes + crcBytes ? bytes.readUInt16BE(26) : -1;
  return bytes.length === fixedBytes + entryBytes * count + crcBytes ? decodePart(bytes, count) : null;
}

function decodeRun(json: Buffer): RunFrame | null {
  try {
    return { kind: 'run', run: runFromJson(storedRun.parse(JSON.parse(json.toString()))) };
  } catch {
    return null; // A run of a newer version: as unreadable as a damaged one.
  }
}

function decodePart(bytes: Buffer, count: number): PartFrame {
  const chunks: FramedChunk[] = [];
  for (let at = fixedBytes; chunks.length < count; at += entryBytes) {
    const flags = bytes.readUInt8(at + 2);
    chunks.push({
      track: bytes.readUInt16BE(at),
      key: (flags & chunkFlag.key) !== 0,
      synthetic: (flags & chunkFlag.synthetic) !== 0,
      length: bytes.readUInt32BE(at + 4),
      crc: bytes.readUInt32BE(at + 8),
      duration: bytes.readUInt32BE(at + 12),
      tfdt: bytes.readDoubleBE(at + 16),
      captureUs: bytes.readDoubleBE(at + 24),
      seq: bytes.readDoubleBE(at + 32),
    });
  }
  return {
    kind: 'part',
    mediaSequence: bytes.readDoubleBE(12),
    run: bytes.readUInt32BE(20),
    part: bytes.readUInt16BE(24),
    discontinuity: bytes.readUInt8(28) === 1,
    writerEpoch: bytes.readUInt32BE(32),
    chunks,
  };
}
