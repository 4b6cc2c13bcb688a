import { readRecord, recordFlag, recordHeaderBytes, recordType, runPayload } from '#server/contracts/log-record.ts';

import { SendRhythm } from './send-rhythm.ts';

/** Media contract §3: what the log has not acknowledged is kept for 10 s or 16 MiB, whichever is less. */
const bytesMaxDefault = 16 * 1024 * 1024;
const ageMsMaxDefault = 10_000;

/** What a reader needs before the chunks of a run; small, and kept as long as the run can be resumed. */
interface Run {
  videoTracks: Set<number>;
  rhythm: SendRhythm;
  run: Entry | null;
  inits: Map<number, Entry>;
  /** The last CLOCK of each track that has left the buffer. */
  clocks: Map<number, Entry>;
}

interface Entry {
  record: Buffer;
  seq: number;
  type: number;
  track: number;
  /** As the packager set them; `lost-before` of the line is added while sending. */
  flags: number;
  run: Run;
  atMs: number;
  /** Of the chunk of the same track before this one, 0 for the first: if the log has not got that one, something was lost. */
  seqBefore: number;
}

/**
 * Numbers records and keeps them until the log has written them. When the bound is reached whole GOPs go, oldest first,
 * and the next chunk of each track that follows says `lost-before`. Knows nothing of sockets.
 */
export class Unacknowledged {
  readonly #bytesMax: number;
  readonly #ageMsMax: number;
  #entries: Entry[] = [];
  /** Index in #entries of the next record to send. */
  #next = 0;
  #bytes = 0;
  #seq: number;
  #run: Run | null = null;
  #awaitsKey = false;
  #lastChunk = new Map<number, number>();
  /** What the log had when the line was opened, and the last chunk of each track sent since. */
  #deliveredBase: number;
  #delivered = new Map<number, number>();
  #droppedRecords = 0;

  /** `lastSeqWritten`: where the log stands in this epoch; the first record gets the number after it. */
  constructor(lastSeqWritten: number, bounds: { bytesMax?: number; ageMsMax?: number } = {}) {
    this.#seq = lastSeqWritten;
    this.#deliveredBase = lastSeqWritten;
    this.#bytesMax = bounds.bytesMax ?? bytesMaxDefault;
    this.#ageMsMax = bounds.ageMsMax ?? ageMsMaxDefault;
  }

  get length(): number {
    return this.#entries.length;
  }
  get bytes(): number {
    return this.#bytes;
  }
  /** Something was sent on this line that the log has not acknowledged. */
  get isUnderWay(): boolean {
    return this.#next > 0;
  }
  get lastSeq(): number {
    return this.#seq;
  }
  get droppedRecords(): number {
    return this.#droppedRecords;
  }

  /** Takes a record with seq 0, numbers it in place and keeps it. False: it may wait for the next to be sent with it. */
  push(record: Buffer, nowMs: number): boolean {
    const { header, payload } = readRecord(record);
    if (header.type === recordType.run) this.#run = beginRun(payload);
    const run = this.#run;
    // Without a RUN before it a record can't be read: what a packager emits between two lines ends here.
    if (!run) {
      this.#droppedRecords += 1;
      return false;
    }
    this.#seq += 1;
    writeSeq(record, this.#seq);
    const isChunk = header.type === recordType.chunk;
    const entry: Entry = {
      record,
      seq: this.#seq,
      type: header.type,
      track: header.track,
      flags: header.flags,
      run,
      atMs: nowMs,
      seqBefore: isChunk ? (this.#lastChunk.get(header.track) ?? 0) : 0,
    };
    if (header.type === recordType.run) run.run = entry;
    if (header.type === recordType.init) run.inits.set(header.track, entry);
    if (isChunk) {
      this.#lastChunk.set(header.track, entry.seq);
      if (!this.#takesAfterLoss(entry)) {
        this.#droppedRecords += 1;
        return false;
      }
    }
    this.#entries.push(entry);
    this.#bytes += record.length;
    while (this.#isOverBound(nowMs) && this.#dropOldestGop()) {
      // Each turn takes one GOP; the loop ends when the rest is within bounds or holds no chunk.
    }
    return run.rhythm.goes(header, run.videoTracks.size === 0 || run.videoTracks.has(header.track));
  }

  /** The log has every record up to `written`. */
  acknowledge(written: number): void {
    let count = 0;
    for (const entry of this.#entries) {
      if (entry.seq > written) break;
      this.#leave(entry);
      count += 1;
    }
    if (count === 0) return;
    this.#entries.splice(0, count);
    this.#next = Math.max(0, this.#next - count);
  }

  /**
   * A line was opened and the log stands at `lastSeqWritten`. Gives the records that must come first: RUN, INITs and last CLOCKs of the
   * run that is resumed, under their own numbers, so that the log knows them for repeats. `next()` goes on behind `lastSeqWritten`.
   */
  resume(lastSeqWritten: number): Buffer[] {
    this.acknowledge(lastSeqWritten);
    this.#deliveredBase = lastSeqWritten;
    this.#delivered.clear();
    this.#next = 0;
    const firstVideo = this.#entries.find((entry) => isVideoChunk(entry));
    // The log stands behind what it acknowledged once (its disk was lost): the rest of a GOP is of no use without its head.
    if (firstVideo && !isKey(firstVideo) && firstVideo.seqBefore > lastSeqWritten) this.#dropOldestGop();
    const first = this.#entries[0];
    const run = first?.run ?? this.#run;
    if (!run?.run || first?.type === recordType.run) return [];
    const before = first?.seq ?? Infinity;
    return [run.run, ...run.inits.values(), ...run.clocks.values()]
      .filter((entry) => entry.seq < before)
      .toSorted((a, b) => a.seq - b.seq)
      .map((entry) => entry.record);
  }

  /** The next record to send on this line, or null when all are sent. */
  next(): Buffer | null {
    const entry = this.#entries[this.#next];
    if (!entry) return null;
    this.#next += 1;
    if (entry.type === recordType.chunk) {
      const delivered = Math.max(this.#deliveredBase, this.#delivered.get(entry.track) ?? 0);
      const flags = entry.seqBefore > delivered ? entry.flags | recordFlag.lostBefore : entry.flags;
      entry.record.writeUInt8(flags, 1);
      this.#delivered.set(entry.track, entry.seq);
    }
    return entry.record;
  }

  #takesAfterLoss(entry: Entry): boolean {
    if (!this.#awaitsKey || !entry.run.videoTracks.has(entry.track)) return true;
    if (!isKey(entry)) return false;
    this.#awaitsKey = false;
    return true;
  }

  #isOverBound(nowMs: number): boolean {
    if (this.#bytes > this.#bytesMax) return true;
    const oldest = this.#entries.find((entry) => entry.type === recordType.chunk);
    return oldest !== undefined && nowMs - oldest.atMs > this.#ageMsMax;
  }

  /** Drops chunks up to the next key picture (audio alone: to the next chunk). False when there is nothing to drop. */
  #dropOldestGop(): boolean {
    const from = this.#entries.findIndex((entry) => entry.type === recordType.chunk);
    if (from < 0) return false;
    const next = this.#entries.findIndex((entry, index) => index > from && opensGop(entry));
    const until = next < 0 ? this.#entries.length : next;
    if (next < 0) this.#awaitsKey = true;
    const resumedRun = this.#entries[until]?.run ?? this.#run;
    const newestClocks = new Map<number, Entry>();
    for (const entry of this.#entries.slice(0, until)) {
      if (entry.type === recordType.clock && entry.run === resumedRun) newestClocks.set(entry.track, entry);
    }
    const keeps = (entry: Entry): boolean => {
      if (entry.type === recordType.end) return true;
      if (entry.run !== resumedRun) return false;
      if (entry.type === recordType.clock) return newestClocks.get(entry.track) === entry;
      return entry.type === recordType.run || entry.type === recordType.init;
    };
    const kept: Entry[] = [];
    let sent = 0;
    for (const [index, entry] of this.#entries.entries()) {
      if (index >= until || keeps(entry)) {
        kept.push(entry);
        if (index < this.#next) sent += 1;
      } else {
        this.#leave(entry);
        this.#droppedRecords += 1;
      }
    }
    this.#entries = kept;
    this.#next = sent;
    return true;
  }

  #leave(entry: Entry): void {
    this.#bytes -= entry.record.length;
    if (entry.type === recordType.clock) entry.run.clocks.set(entry.track, entry);
  }
}

function beginRun(payload: Buffer): Run {
  const { tracks } = runPayload.parse(JSON.parse(payload.toString()));
  const pictures = tracks.filter((track) => track.kind === 'video');
  const videoTracks = new Set(pictures.map((track) => track.track));
  const rhythm = new SendRhythm((pictures[0] ?? tracks[0])?.timescale ?? 1);
  return { videoTracks, rhythm, run: null, inits: new Map(), clocks: new Map() };
}

function isKey(entry: Entry): boolean {
  return (entry.flags & recordFlag.key) !== 0;
}

function isVideoChunk(entry: Entry): boolean {
  return entry.type === recordType.chunk && entry.run.videoTracks.has(entry.track);
}

/** A place where a decoder can begin: a key picture, or any chunk of a run without pictures. */
function opensGop(entry: Entry): boolean {
  if (entry.type !== recordType.chunk) return false;
  return entry.run.videoTracks.size === 0 || (isVideoChunk(entry) && isKey(entry));
}

/** `seq u64` stands at byte 4 of the header; exact to 2^53. */
function writeSeq(record: Buffer, seq: number): void {
  if (record.length < recordHeaderBytes) throw new RangeError(`a record has ${recordHeaderBytes} bytes or more`);
  record.writeUInt32BE(Math.floor(seq / 4294967296), 4);
  record.writeUInt32BE(seq % 4294967296, 8);
}
