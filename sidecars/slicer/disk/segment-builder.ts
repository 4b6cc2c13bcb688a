import { createHash, type Hash } from 'node:crypto';

import type { RunTrack } from '#server/contracts/log-record.ts';

import type { LogChunk, SegmentClose, StoredSegment, WriterPosition } from './segment.ts';

interface OpenTrack {
  tfdt: number;
  duration: number;
  bytes: number;
  hash: Hash;
  /** Not hashed yet. */
  pending: Buffer | null;
}

type PlacedChunk = Pick<LogChunk, 'track' | 'tfdt' | 'duration' | 'captureUs' | 'key' | 'synthetic'>;

/** A segment while its parts arrive: where they lie, and the digest of each of its tracks. */
export class SegmentBuilder {
  readonly mediaSequence: number;
  readonly run: number;
  writer: WriterPosition | null = null;
  readonly #offset: number;
  readonly #discontinuity: boolean;
  readonly #ranges: StoredSegment['ranges'] = [];
  readonly #tracks = new Map<number, OpenTrack>();
  #end: number;
  #first: PlacedChunk | null = null;
  #received = false;
  readonly #lead: RunTrack | undefined;

  constructor(place: {
    mediaSequence: number;
    run: number;
    tracks: RunTrack[];
    offset: number;
    discontinuity: boolean;
  }) {
    this.mediaSequence = place.mediaSequence;
    this.run = place.run;
    this.#offset = place.offset;
    this.#end = place.offset;
    this.#discontinuity = place.discontinuity;
    this.#lead = place.tracks.find((track) => track.kind === 'video') ?? place.tracks[0];
  }

  add(chunk: PlacedChunk, data: Buffer, offset: number): void {
    const last = this.#ranges.at(-1);
    if (last && last.track === chunk.track && last.offset + last.length === offset) last.length += data.length;
    else this.#ranges.push({ track: chunk.track, offset, length: data.length });
    this.#end = offset + data.length;
    let track = this.#tracks.get(chunk.track);
    if (!track) {
      track = { tfdt: chunk.tfdt, duration: 0, bytes: 0, hash: createHash('sha256'), pending: null };
      this.#tracks.set(chunk.track, track);
    }
    track.duration = chunk.tfdt + chunk.duration - track.tfdt;
    track.bytes += data.length;
    this.#hash(track, data);
    if (chunk.track === this.#lead?.track) {
      this.#first ??= chunk;
      this.#received ||= !chunk.synthetic;
    }
  }

  /** Neighbours in memory are hashed together: a call costs as much as a small frame. */
  #hash(track: OpenTrack, data: Buffer): void {
    const { pending } = track;
    const isNext = pending?.buffer === data.buffer && pending.byteOffset + pending.length === data.byteOffset;
    if (pending && isNext) {
      track.pending = Buffer.from(pending.buffer, pending.byteOffset, pending.length + data.length);
      return;
    }
    if (pending) track.hash.update(pending);
    track.pending = data;
  }

  /** The part is complete: nothing of its memory is held on to. */
  endPart(): void {
    for (const track of this.#tracks.values()) {
      if (track.pending) track.hash.update(track.pending);
      track.pending = null;
    }
  }

  /** As its writer describes it. */
  close(close: SegmentClose): StoredSegment {
    this.endPart();
    const bytes = [...this.#tracks.values()].reduce((sum, track) => sum + track.bytes, 0);
    return {
      ...close,
      bandwidth: close.bandwidth ?? Math.round((bytes * 8000) / Math.max(1, close.durationMs)),
      bytes,
      recovered: false,
      tracks: [...this.#tracks].map(([track, { tfdt, duration, bytes: size, hash }]) => {
        return { track, tfdt, duration, bytes: size, sha256: hash.digest('hex') };
      }),
      offset: this.#offset,
      span: this.#end - this.#offset,
      ranges: this.#ranges,
      writer: this.writer,
    };
  }

  /** As its chunks alone describe it, after a crash; null where nothing of its leading track is left, which no player could show. */
  closeShort(): StoredSegment | null {
    const lead = this.#lead;
    const first = this.#first;
    const track = lead && this.#tracks.get(lead.track);
    if (!lead || !first || !track) return null;
    const segment = this.close({
      mediaSequence: this.mediaSequence,
      run: this.run,
      startMs: first.captureUs / 1000,
      durationMs: (track.duration * 1000) / lead.timescale,
      discontinuity: this.#discontinuity,
      synthetic: !this.#received,
      independent: first.key,
    });
    return { ...segment, recovered: true };
  }
}
