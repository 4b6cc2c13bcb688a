import {
  clockPayload,
  endPayload,
  recordFlag,
  recordType,
  runPayload,
  statePayload,
  type EndPayload,
  type RecordHeader,
  type RunPayload,
  type StatePayload,
} from '#server/contracts/log-record.ts';

import type { LogWriter } from './log-writer.ts';
import type { RecordSinks } from './record-sinks.ts';
import { ResumeGate } from './resume-gate.ts';
import { StreamMeter } from './stream-meter.ts';

interface IntakeOptions {
  log: LogWriter;
  sinks: RecordSinks;
  /** Where the writer of the life before stood. */
  lastWriter: { epoch: number; seq: number } | null;
  /** The writer says that its stream is over. */
  saysEnd: (end: EndPayload, nowMs: number) => void;
}

/** Takes the records of one stream's writer, each once, whoever sends them again, and knows how far they have come. */
export class RecordIntake {
  readonly meter = new StreamMeter();
  readonly resume = new ResumeGate();
  /** Epoch of the writer in force and the last of its records that is here. */
  writer: { epoch: number; seq: number };
  /** It is connected. */
  writing = false;
  /** Last record whose part the disk, or memory where nothing is recorded, holds. */
  writtenSeq: number;
  /** Chunks of the same number that came twice. */
  doubles = 0;
  readonly #options: IntakeOptions;
  #announced: { epoch: number; payload: RunPayload } | null = null;
  #report: StatePayload | null = null;
  /** UTC ms of the last record of the writer in hand. */
  #heardMs = Number.POSITIVE_INFINITY;

  constructor(options: IntakeOptions) {
    this.#options = options;
    const { epoch, seq } = options.lastWriter ?? { epoch: 0, seq: 0 };
    this.writer = { epoch, seq };
    this.writtenSeq = seq;
  }

  /** Dropped or lost, whoever did it. */
  get dropped(): number {
    return this.meter.dropped + (this.#report?.dropped ?? 0) + (this.#report?.lost ?? 0);
  }

  /** How long no record came from a writer that is connected and said that its source is read: it would tell a STATE each second. */
  silentMs(nowMs: number): number {
    return this.writing && this.#report?.source === 'connected' ? Math.max(0, nowMs - this.#heardMs) : 0;
  }

  /** A writer of this epoch connects; a lower one is refused by the door. */
  begin(epoch: number): void {
    if (epoch > this.writer.epoch) {
      this.writer = { epoch, seq: 0 };
      this.writtenSeq = 0;
      this.#announced = null;
    }
    this.#options.log.writerEpoch = epoch;
    this.writing = true;
    this.#heardMs = Number.POSITIVE_INFINITY;
  }

  /** The next run is a new one, whatever its writer calls it. */
  forgetRun(): void {
    this.#announced = null;
  }

  /** Every chunk up to this seq of this epoch is in the log. */
  written(epoch: number, seq: number): void {
    if (epoch !== this.writer.epoch) return;
    // What follows the last chunk, END above all, is in the log with it.
    this.writtenSeq = Math.max(this.writtenSeq, this.#options.log.isSettled ? this.writer.seq : seq);
  }

  /** `record`: as it came over the wire, with what was read of it. */
  take(record: Buffer, { header, payload }: { header: RecordHeader; payload: Buffer }, nowMs: number): void {
    const { log, sinks, saysEnd } = this.#options;
    this.#heardMs = nowMs;
    const isDouble = header.seq > 0 && header.seq <= this.writer.seq;
    switch (header.type) {
      case recordType.run:
        // Sent again with its old number after a reconnection: taken by its content.
        this.#announce(runPayload.parse(JSON.parse(payload.toString())));
        break;
      case recordType.init:
        if (log.run && !log.hasRunStarted) log.run.inits.set(header.track, Buffer.from(payload));
        break;
      case recordType.chunk:
        if (isDouble) this.doubles += 1;
        else this.#chunk(header, payload, nowMs);
        break;
      case recordType.clock:
        log.setClock(clockPayload.parse(JSON.parse(payload.toString())));
        break;
      case recordType.state:
        this.#report = statePayload.parse(JSON.parse(payload.toString()));
        break;
      case recordType.end:
        if (!isDouble) log.end();
        // Sent again with the same number after a broken line: what the connection took back is said anew.
        if (!isDouble || header.seq === this.writer.seq)
          saysEnd(endPayload.parse(JSON.parse(payload.toString())), nowMs);
        break;
    }
    this.writer.seq = Math.max(this.writer.seq, header.seq);
    if (log.isSettled) this.writtenSeq = this.writer.seq;
    if (!isDouble && header.type !== recordType.run && header.type !== recordType.init) sinks.record(record, header);
  }

  #announce(payload: RunPayload): void {
    const known = this.#announced;
    if (known?.epoch === this.writer.epoch && known.payload.run === payload.run) return;
    this.#announced = { epoch: this.writer.epoch, payload };
    this.#options.log.beginRun(payload.tracks, this.resume.isClosed);
    this.meter.newRun();
  }

  #chunk(header: RecordHeader, payload: Buffer, nowMs: number): void {
    const { log } = this.#options;
    const { lead } = log;
    if (!lead) return;
    const { track, tfdt, duration, captureUs, seq, flags } = header;
    const isLead = track === lead.track;
    const key = (flags & recordFlag.key) !== 0;
    const synthetic = (flags & recordFlag.synthetic) !== 0;
    // What was made here says nothing of the source: it is neither live nor moving.
    if (!synthetic) this.meter.chunk(header, payload.length, { lead: isLead, nowMs, timescale: lead.timescale });
    if ((flags & recordFlag.lostBefore) !== 0) this.meter.dropped += 1;
    const passage = isLead ? this.resume.pass(log.run, { tfdt, key }) : null;
    if (passage?.passes === false) return;
    if (passage?.resumes) log.resumeRun(passage.resumes);
    log.push({ track, data: payload, tfdt, duration, captureUs, key, synthetic, seq });
  }
}
