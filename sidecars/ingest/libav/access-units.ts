import { AV_PKT_DATA_PRFT } from 'node-av/constants';

import { monotonicUtcUs, SourceError, type AccessUnit, type SourceSink } from '../source.ts';
import { readAdts } from './adts.ts';
import type { DemuxedPacket } from './demuxer.ts';
import type { TrackReading } from './source-tracks.ts';

/** One bad AAC frame stops a browser's picture for good; a track that has this many in a row is none. */
const badAudioMax = 50;
const clockEachUs = 1_000_000;

/** Turns libav's packets into access units: ADTS off, parameter sets beside the stream put in, the sender's clock taken out. */
export class AccessUnits {
  private readonly sink: SourceSink;
  private readonly clock: 'capture' | 'sr' | null;
  private readings: readonly TrackReading[] = [];
  /** Per track, where the next frame begins: only the first of a PES packet has a time stamp. */
  private nextAudio = new Map<number, number>();
  private badAudio = 0;
  private clockedUs = new Map<number, number>();

  /** `clock`: what a PRFT of this input is; null where it must not be believed (a file played again). */
  constructor(sink: SourceSink, clock: 'capture' | 'sr' | null) {
    this.sink = sink;
    this.clock = clock;
  }

  begin(readings: readonly TrackReading[]): void {
    this.readings = readings;
    this.announce();
  }

  push(packet: DemuxedPacket, at: { pts: number | null; dts: number | null } = packet): void {
    const { reading } = packet;
    const arrivalUs = monotonicUtcUs();
    if (this.clock) this.tellClock(packet, this.clock, arrivalUs);
    const base = { track: reading.track.id, arrivalUs, lostBefore: false };
    if (reading.form === 'adts') {
      this.pushAdts(packet, at, base);
      return;
    }
    // The packet's memory is libav's and lives until the next read.
    const bytes = Buffer.from(packet.data);
    const payload =
      reading.form === 'annexb'
        ? { form: 'annexb' as const, data: withParameterSets(bytes, reading, packet.key) }
        : { form: 'sample' as const, data: bytes };
    this.sink({ type: 'unit', unit: { ...base, ...at, key: packet.key, payload } });
  }

  private pushAdts(
    packet: DemuxedPacket,
    at: { pts: number | null; dts: number | null },
    base: Pick<AccessUnit, 'track' | 'arrivalUs' | 'lostBefore'>,
  ): void {
    const { reading } = packet;
    const adts = readAdts(packet.data);
    if (!adts || reading.track.kind !== 'audio') {
      this.badAudio += 1;
      if (this.badAudio > badAudioMax) throw new SourceError('DATA_INVALID', 'the sound is damaged', { retry: true });
      return;
    }
    this.badAudio = 0;
    if (reading.track.config === null || !reading.track.config.equals(adts.config)) {
      reading.track.config = adts.config;
      reading.track.channels = adts.channels;
      reading.track.sampleRate = adts.sampleRate;
      this.announce();
    }
    const step = (1024 * reading.track.timescale) / adts.sampleRate;
    const start = at.pts ?? this.nextAudio.get(base.track) ?? null;
    if (start !== null) this.nextAudio.set(base.track, start + adts.frames.length * step);
    for (const [index, frame] of adts.frames.entries()) {
      const pts = start === null ? null : Math.round(start + index * step);
      this.sink({
        type: 'unit',
        unit: { ...base, pts, dts: pts, key: true, payload: { form: 'sample', data: Buffer.from(frame) } },
      });
    }
  }

  private announce(): void {
    this.sink({ type: 'tracks', tracks: this.readings.map(({ track }) => ({ ...track })) });
  }

  private tellClock(packet: DemuxedPacket, kind: 'capture' | 'sr', arrivalUs: number): void {
    const { id } = packet.reading.track;
    if (packet.pts === null || arrivalUs - (this.clockedUs.get(id) ?? 0) < clockEachUs) return;
    const prft = packet.packet.getSideData(AV_PKT_DATA_PRFT);
    if (!prft || prft.length < 8) return;
    this.clockedUs.set(id, arrivalUs);
    this.sink({ type: 'clock', track: id, ticks: packet.pts, utcUs: Number(prft.readBigInt64LE(0)), kind, arrivalUs });
  }
}

function withParameterSets(data: Buffer, reading: TrackReading, key: boolean): Buffer {
  if (!key || reading.parameterSets === null || hasParameterSets(data, reading.track.codec)) return data;
  return Buffer.concat([reading.parameterSets, data]);
}

/** Parameter sets stand before the first slice, so only the head is looked at. */
function hasParameterSets(data: Buffer, codec: string): boolean {
  for (
    let at = data.indexOf('\0\0\u0001', 0, 'latin1');
    at !== -1 && at < 256;
    at = data.indexOf('\0\0\u0001', at + 3, 'latin1')
  ) {
    const header = data[at + 3] ?? 0;
    if (codec === 'h264' ? (header & 31) === 7 : ((header >> 1) & 63) === 33) return true;
  }
  return false;
}
