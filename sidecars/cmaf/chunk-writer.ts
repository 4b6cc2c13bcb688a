import { recordHeaderBytes } from '#server/contracts/log-record.ts';
import type { NalScan } from '#sidecars/codec/annexb.ts';

/**
 * One sample on its way into a chunk. The object belongs to its track and is used again, so that a picture costs no allocation but
 * its record. Exactly one of `scan` (Annex-B: offsets into `data`), `pieces` and plain `data` says where the bytes are.
 */
export interface ChunkSample {
  data: Buffer;
  scan: NalScan | null;
  pieces: readonly Buffer[] | null;
  /** Bytes in the mdat. */
  size: number;
  duration: number;
  compositionOffset: number;
  key: boolean;
}

export interface ChunkHead {
  track: number;
  kind: 'video' | 'audio';
  /** mfhd sequence_number; counts a track. */
  sequence: number;
  tfdt: number;
  /** UTC µs for the prft; 0 writes none. */
  captureUs: number;
}

const prft = 0x70726674;
const moof = 0x6d6f6f66;
const mfhd = 0x6d666864;
const traf = 0x74726166;
const tfhd = 0x74666864;
const tfdt = 0x74666474;
const trun = 0x7472756e;
const mdat = 0x6d646174;

const prftBytes = 32;
const two32 = 4294967296;
/** Seconds from 1900 (NTP) to 1970. */
const ntpEpochSeconds = 2208988800;
/** sample_depends_on 2: an I picture. */
const syncFlags = 0x02000000;
/** sample_depends_on 1, sample_is_non_sync_sample. */
const deltaFlags = 0x01010000;

/**
 * `[36 bytes free for the record header] [prft] moof mdat`: one traf, tfdt version 1, default-base-is-moof, trun version 1 with
 * duration, size, flags and signed composition offset a sample. The payload is copied once, into place.
 */
export function writeChunk(head: ChunkHead, samples: readonly ChunkSample[]): Buffer {
  const count = samples.length;
  let payload = 0;
  for (const sample of samples) payload += sample.size;
  const prftSize = head.captureUs > 0 ? prftBytes : 0;
  const moofSize = 88 + 16 * count;
  const out = Buffer.allocUnsafe(recordHeaderBytes + prftSize + moofSize + 8 + payload);
  let at = recordHeaderBytes;
  if (prftSize > 0) {
    const seconds = Math.floor(head.captureUs / 1e6);
    at = out.writeUInt32BE(prftBytes, at);
    at = out.writeUInt32BE(prft, at);
    at = out.writeUInt32BE(0x01000018, at); // version 1; flags 24: the time of capture
    at = out.writeUInt32BE(head.track, at);
    at = out.writeUInt32BE((seconds + ntpEpochSeconds) % two32, at);
    at = out.writeUInt32BE(Math.floor((head.captureUs - seconds * 1e6) * 4294.967296), at);
    at = writeUint64(out, head.tfdt, at);
  }
  at = out.writeUInt32BE(moofSize, at);
  at = out.writeUInt32BE(moof, at);
  at = out.writeUInt32BE(16, at);
  at = out.writeUInt32BE(mfhd, at);
  at = out.writeUInt32BE(0, at);
  at = out.writeUInt32BE(head.sequence >>> 0, at);
  at = out.writeUInt32BE(moofSize - 24, at);
  at = out.writeUInt32BE(traf, at);
  at = out.writeUInt32BE(16, at);
  at = out.writeUInt32BE(tfhd, at);
  at = out.writeUInt32BE(0x020000, at); // default-base-is-moof
  at = out.writeUInt32BE(head.track, at);
  at = out.writeUInt32BE(20, at);
  at = out.writeUInt32BE(tfdt, at);
  at = out.writeUInt32BE(0x01000000, at);
  at = writeUint64(out, head.tfdt, at);
  at = out.writeUInt32BE(20 + 16 * count, at);
  at = out.writeUInt32BE(trun, at);
  at = out.writeUInt32BE(0x01000f01, at);
  at = out.writeUInt32BE(count, at);
  at = out.writeUInt32BE(moofSize + 8, at); // data offset from the moof
  for (const sample of samples) {
    at = out.writeUInt32BE(sample.duration, at);
    at = out.writeUInt32BE(sample.size, at);
    at = out.writeUInt32BE(sample.key ? syncFlags : deltaFlags, at);
    at = out.writeInt32BE(sample.compositionOffset, at);
  }
  at = out.writeUInt32BE(8 + payload, at);
  at = out.writeUInt32BE(mdat, at);
  for (const sample of samples) at = copySample(out, sample, at);
  return out;
}

function copySample(out: Buffer, sample: ChunkSample, start: number): number {
  let at = start;
  const { scan, pieces, data } = sample;
  if (scan) {
    const { offsets } = scan;
    for (let i = 0; i < scan.count; i += 2) {
      const from = offsets[i] ?? 0;
      const to = offsets[i + 1] ?? 0;
      at = out.writeUInt32BE(to - from, at);
      data.copy(out, at, from, to);
      at += to - from;
    }
    return at;
  }
  if (pieces) {
    for (const piece of pieces) {
      out.set(piece, at);
      at += piece.length;
    }
    return at;
  }
  out.set(data, at);
  return at + data.length;
}

/** Exact to 2^53: 3,170 years at 90 kHz. */
function writeUint64(out: Buffer, value: number, at: number): number {
  out.writeUInt32BE(Math.floor(value / two32), at);
  return out.writeUInt32BE(value % two32, at + 4);
}
