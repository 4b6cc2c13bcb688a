import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { monotonicUtcUs, SourceError, type OpenSource, type SourceSink } from '../source.ts';
import { AccessUnits } from './access-units.ts';
import { Demuxer, type DemuxedPacket } from './demuxer.ts';
import { runSource } from './live-run.ts';
import { Pacer } from './pacer.ts';
import type { TrackReading } from './source-tracks.ts';

const clockEachUs = 10_000_000;
/** Shorter loops would open and seek without end. */
const loopSecondsMin = 0.5;

/** A file played in real time, over and over, on time stamps that go on. Its clock is ours: it shows now. */
export async function openFile(
  options: { address: string; loop: boolean; signal: AbortSignal },
  sink: SourceSink,
): Promise<OpenSource> {
  const path = filePath(options.address);
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new SourceError('FILE_UNREADABLE', `${path} can't be read`, { retry: false, cause });
  });
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const demuxer = await Demuxer.open({
    input: {
      url: path,
      format: null,
      // A playlist or a list of files under another name would make libav open what it names.
      options: { protocol_whitelist: 'file', format_whitelist: 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts' },
    },
    openMsMax: 10_000,
    silenceMsMax: 10_000,
    signal,
  });
  return runSource({
    work: () => new FileLoop(demuxer, sink, signal).play(options.loop),
    release: () => demuxer.close(),
    stopping,
    signal,
  });
}

function filePath(address: string): string {
  try {
    return address.startsWith('file:') ? fileURLToPath(address) : resolve(address);
  } catch (cause) {
    throw new SourceError('ADDRESS_INVALID', 'the address names no file on this machine', { retry: false, cause });
  }
}

class FileLoop {
  private readonly demuxer: Demuxer;
  private readonly sink: SourceSink;
  private readonly signal: AbortSignal;
  private readonly units: AccessUnits;
  private readonly pacer = new Pacer();
  private readonly lead: TrackReading;
  /** Of the leading track, seconds on the file's own time line. */
  private startSeconds: number | null = null;
  private endSeconds = 0;
  private loopSeconds: number | null = null;
  /** Seconds that earlier rounds took. */
  private playedSeconds = 0;
  private clockedUs = 0;
  /** Where each track goes on, in its own ticks. */
  private readonly nextTicks = new Map<number, number>();
  private readonly durations = new Map<number, number>();

  constructor(demuxer: Demuxer, sink: SourceSink, signal: AbortSignal) {
    this.demuxer = demuxer;
    this.sink = sink;
    this.signal = signal;
    this.units = new AccessUnits(sink, null);
    const lead = demuxer.tracks.find(({ track }) => track.kind === 'video') ?? demuxer.tracks[0];
    if (!lead) throw new SourceError('NO_VIDEO', 'the file holds no picture', { retry: false });
    this.lead = lead;
  }

  async play(loop: boolean): Promise<void> {
    this.units.begin(this.demuxer.tracks);
    for (;;) {
      for (let packet = await this.demuxer.read(); packet; packet = await this.demuxer.read())
        await this.release(packet);
      if (!loop || this.signal.aborted) return;
      this.loopSeconds ??= this.endSeconds - (this.startSeconds ?? 0);
      if (this.loopSeconds < loopSecondsMin)
        throw new SourceError('DATA_INVALID', 'the file is too short to loop', { retry: false });
      this.playedSeconds += this.loopSeconds;
      await this.demuxer.seekToStart();
    }
  }

  private async release(packet: DemuxedPacket): Promise<void> {
    const { reading, dts, pts } = packet;
    const { timescale } = reading.track;
    const ticks = dts ?? pts;
    if (ticks === null) return;
    const seconds = ticks / timescale;
    if (reading === this.lead) {
      this.startSeconds ??= seconds;
      if (this.loopSeconds === null) this.endSeconds = Math.max(this.endSeconds, seconds + packet.duration / timescale);
    } else if (this.loopSeconds !== null && seconds >= (this.startSeconds ?? 0) + this.loopSeconds) {
      // Sound that outlasts the picture would lie over the beginning of the next round.
      return;
    }
    const offset = Math.round(this.playedSeconds * timescale);
    // The silence that a sound encoder puts before its first sample would lie over the end of the round before.
    if (reading !== this.lead && ticks + offset < (this.nextTicks.get(reading.track.id) ?? ticks + offset)) return;
    // The last frame of a sound says only how much of it is to be heard; it is as long as the others.
    const duration = Math.max(packet.duration, this.durations.get(reading.track.id) ?? 0);
    this.durations.set(reading.track.id, duration);
    this.nextTicks.set(reading.track.id, ticks + offset + duration);
    const { utcUs, anchored } = await this.pacer.wait((this.playedSeconds + seconds) * 1_000_000, this.signal);
    const at = { pts: pts === null ? null : pts + offset, dts: dts === null ? null : dts + offset };
    this.units.push(packet, at);
    if (at.pts !== null && reading === this.lead && (anchored || utcUs - this.clockedUs > clockEachUs)) {
      this.clockedUs = utcUs;
      const ahead = ((at.pts - (at.dts ?? at.pts)) / timescale) * 1_000_000;
      this.sink({
        type: 'clock',
        track: reading.track.id,
        ticks: at.pts,
        utcUs: Math.round(utcUs + ahead),
        kind: 'synthetic',
        arrivalUs: monotonicUtcUs(),
      });
    }
  }
}
