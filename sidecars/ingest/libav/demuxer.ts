import {
  AV_NOPTS_VALUE,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_FLAG_CUSTOM_IO,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { Dictionary, FormatContext, InputFormat, IOContext, Packet } from 'node-av/lib';

import { SourceError } from '../source.ts';
import { avFault } from './av-fault.ts';
import { readingsOf, type TrackReading } from './source-tracks.ts';

/** Bytes that we fetched ourselves, handed to libav; null at the end. */
export type ByteReader = (size: number) => Promise<Buffer | null>;

export type DemuxInput =
  /** libav opens it: a file, or a literal address that was checked. */
  | { url: string; format: string | null; options: Record<string, string> }
  | { read: ByteReader; format: string | null; options: Record<string, string> };

export interface DemuxerOptions {
  input: DemuxInput;
  /** Until the tracks are known. */
  openMsMax: number;
  /** Between two packets. */
  silenceMsMax: number;
  signal: AbortSignal;
}

export interface DemuxedPacket {
  reading: TrackReading;
  data: Buffer;
  pts: number | null;
  dts: number | null;
  duration: number;
  key: boolean;
  packet: Packet;
}

const ioBufferBytes = 32 * 1024;

/**
 * An input of libav, read packet by packet. Every blocking call has a watchdog that interrupts it: a call that hangs would hold a thread of
 * the pool and, at exit, the process.
 */
export class Demuxer {
  private readonly context = new FormatContext();
  private readonly packet = new Packet();
  private readonly options: DemuxerOptions;
  private io: IOContext | null = null;
  private readings: TrackReading[] = [];
  private byStream = new Map<number, TrackReading>();
  private closing: Promise<void> | null = null;
  private busy: Promise<unknown> = Promise.resolve();
  private releaseRead: () => void = () => {};

  private constructor(options: DemuxerOptions) {
    this.options = options;
  }

  static async open(options: DemuxerOptions): Promise<Demuxer> {
    const demuxer = new Demuxer(options);
    try {
      await demuxer.open();
      return demuxer;
    } catch (error) {
      await demuxer.close();
      throw error;
    }
  }

  get tracks(): readonly TrackReading[] {
    return this.readings;
  }

  /** libav's streams, for who must decode. Costly to ask: keep the answer. */
  streams(): FormatContext['streams'] {
    return this.context.streams;
  }

  /** The next packet of a taken track, or null at the end. Its data lives until the next call. */
  async read(): Promise<DemuxedPacket | null> {
    const { packet } = this;
    for (;;) {
      packet.unref();
      const code = await this.guarded(() => this.context.readFrame(packet), this.options.silenceMsMax, 'reading');
      if (code === AVERROR_EOF) return null;
      if (code === AVERROR_EAGAIN) continue;
      if (code < 0) throw avFault(code, 'reading');
      const reading = this.byStream.get(packet.streamIndex);
      const { data } = packet;
      if (!reading || !data || data.length === 0) continue;
      const { pts, dts } = packet;
      return {
        reading,
        data,
        pts: pts === AV_NOPTS_VALUE ? null : Number(pts) * reading.ticks,
        dts: dts === AV_NOPTS_VALUE ? null : Number(dts) * reading.ticks,
        duration: Number(packet.duration) * reading.ticks,
        key: packet.isKeyframe,
        packet,
      };
    }
  }

  async seekToStart(): Promise<void> {
    // To the key frame at or before the first time stamp.
    const code = await this.guarded(
      () => this.context.seekFrame(-1, 0n, AVSEEK_FLAG_BACKWARD),
      this.options.silenceMsMax,
      'seeking',
    );
    if (code < 0) throw avFault(code, 'seeking');
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async open(): Promise<void> {
    const { input, openMsMax } = this.options;
    // Allocated first: only then can interrupt() reach an open that blocks.
    this.context.allocContext();
    this.packet.alloc();
    const format = input.format === null ? null : InputFormat.findInputFormat(input.format);
    if (input.format !== null && !format)
      throw new SourceError('INTERNAL', `no demuxer ${input.format}`, { retry: false });
    let url = '';
    if ('read' in input) this.attachReader(input.read);
    else ({ url } = input);
    const settings = Dictionary.fromObject({ correct_ts_overflow: '0', ...input.options });
    try {
      const opened = await this.guarded(() => this.context.openInput(url, format, settings), openMsMax, 'opening');
      if (opened < 0) throw avFault(opened, 'opening');
    } finally {
      settings.free();
    }
    const known = await this.guarded(() => this.context.findStreamInfo(null), openMsMax, 'probing');
    if (known < 0) throw avFault(known, 'probing');
    this.readings = readingsOf(this.context.streams);
    this.byStream = new Map(this.readings.map((reading) => [reading.streamIndex, reading]));
    // A forced format opens on silence too: without streams nothing came.
    if (this.readings.length === 0) throw new SourceError('NO_VIDEO', 'opened, and holds no picture', { retry: true });
  }

  private attachReader(read: ByteReader): void {
    const io = new IOContext();
    const answer = (size: number) =>
      new Promise<Buffer | number>((resolve) => {
        this.releaseRead = () => resolve(AVERROR_EOF);
        read(size).then(
          (bytes) => resolve(bytes ?? AVERROR_EOF),
          () => resolve(AVERROR_EOF),
        );
      });
    io.allocContextWithCallbacks(ioBufferBytes, 0, answer);
    this.io = io;
    this.context.pb = io;
    this.context.setFlags(AVFMT_FLAG_CUSTOM_IO);
  }

  private async guarded(call: () => Promise<number>, msMax: number, doing: string): Promise<number> {
    const { signal } = this.options;
    if (signal.aborted || this.closing) throw new SourceError('CLOSED', `${doing}: closed`, { retry: true });
    let timedOut = false;
    const interrupt = () => this.interrupt();
    const timer = setTimeout(() => {
      timedOut = true;
      interrupt();
    }, msMax);
    signal.addEventListener('abort', interrupt, { once: true });
    const pending = call();
    this.busy = pending;
    try {
      const code = await pending;
      if (timedOut) throw new SourceError('TIMED_OUT', `${doing}: nothing for ${msMax} ms`, { retry: true });
      if (signal.aborted) throw new SourceError('CLOSED', `${doing}: closed`, { retry: true });
      return code;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    }
  }

  /** libav looks at its own flag only between two reads: one that waits for our bytes is let go too. */
  private interrupt(): void {
    this.context.interrupt();
    this.releaseRead();
  }

  private async shut(): Promise<void> {
    this.interrupt();
    await this.busy.catch(() => {
      // Told by the call that failed.
    });
    await this.context.closeInput();
    this.io?.freeContext();
    this.packet.free();
  }
}
