import {
  clockPayload,
  readRecord,
  recordType,
  runPayload,
  type ClockPayload,
  type RecordHeader,
  type RunPayload,
} from '#server/contracts/log-record.ts';
import { Packager } from '#sidecars/ingest/packager.ts';
import type { AccessUnit, SourceAudioTrack, SourceEvent, SourceVideoTrack } from '#sidecars/ingest/source.ts';

/** Access units for tests: real parameter sets (x264, 640 × 360 and 1920 × 1080 with two B-frames), pictures of a few bytes. */
const hex = (text: string) => Buffer.from(text, 'hex');

export const baselineSets = [hex('6742c01ed900a02ff970110000030001000003003c0f162e48'), hex('68cb83cb20')];
/** The same camera set to 1280 × 720. */
export const widerSets = [hex('6742c01fd9005005bb011000000300100000030320f1832480'), hex('68cb83cb20')];
export const highSets = [hex('67640028acd940780227e5c044000003000400000300c83c60c658'), hex('68ebe3cb22c0')];
/** AAC-LC, 48 kHz, stereo. */
export const stereoAsc = hex('1190');
/** A silent frame of it: sound for all that matters here. */
export const aacFrame = hex('21000000001c');

const startCode = hex('00000001');

/** 2026-06-01, µs; the epoch of the streams is a month before. */
export const truthUs = Date.UTC(2026, 5, 1) * 1000;
export const epochMs = Date.UTC(2026, 4, 1);

export function rtpVideo(over: Partial<SourceVideoTrack> = {}): SourceVideoTrack {
  return {
    id: 0,
    kind: 'video',
    codec: 'h264',
    timescale: 90_000,
    wrapBits: 32,
    config: null,
    width: null,
    height: null,
    fpsAnnounced: 25,
    ...over,
  };
}

export function rtpAudio(over: Partial<SourceAudioTrack> = {}): SourceAudioTrack {
  return {
    id: 1,
    kind: 'audio',
    codec: 'aac',
    timescale: 48_000,
    wrapBits: 32,
    config: stereoAsc,
    channels: 2,
    sampleRate: 48_000,
    ...over,
  };
}

export interface UnitTimes {
  pts: number | null;
  dts?: number | null;
  arrivalUs: number;
  key?: boolean;
  lostBefore?: boolean;
}

/** A picture in Annex-B: parameter sets before a key frame, and a slice that holds `mark`. */
export function picture(
  times: UnitTimes,
  over: { track?: number; sets?: readonly Buffer[]; mark?: number } = {},
): SourceEvent {
  const key = times.key ?? false;
  const { track = 0, sets = baselineSets, mark = 0 } = over;
  const slice = Buffer.from([key ? 0x65 : 0x41, 0x9a, mark & 255, (mark >> 8) & 255, 0x80]);
  const data = Buffer.concat([...(key ? sets : []), slice].flatMap((nal) => [startCode, nal]));
  return { type: 'unit', unit: { ...unitOf(track, times), key, payload: { form: 'annexb', data } } };
}

export function sound(times: UnitTimes, over: { track?: number; data?: Buffer } = {}): SourceEvent {
  const { track = 1, data = aacFrame } = over;
  return { type: 'unit', unit: { ...unitOf(track, times), key: true, payload: { form: 'sample', data } } };
}

function unitOf(track: number, times: UnitTimes): Omit<AccessUnit, 'key' | 'payload'> {
  const { pts, dts = null, arrivalUs, lostBefore = false } = times;
  return { track, pts, dts, arrivalUs, lostBefore };
}

export interface Read {
  header: RecordHeader;
  payload: Buffer;
}

/** A packager whose records are read as they come. */
export function packagerReading(onRecord: (read: Read, record: Buffer) => void, firstRun = 1): Packager {
  const log = { info: () => undefined, warn: () => undefined };
  return new Packager({ epochMs, firstRun, log, emit: (record) => onRecord(readRecord(record), record) });
}

export function collect(events: Iterable<SourceEvent>): Read[] {
  const reads: Read[] = [];
  const packager = packagerReading((read) => reads.push(read));
  for (const event of events) packager.onEvent(event);
  packager.end('test');
  return reads;
}

export function chunksOf(reads: readonly Read[], track: number): Read[] {
  return reads.filter(({ header }) => header.type === recordType.chunk && header.track === track);
}

export function runsOf(reads: readonly Read[]): RunPayload[] {
  return reads
    .filter(({ header }) => header.type === recordType.run)
    .map(({ payload }) => runPayload.parse(JSON.parse(payload.toString())));
}

export function clockOf(read: Read): ClockPayload {
  return clockPayload.parse(JSON.parse(read.payload.toString()));
}

/** Where the times of a track's chunks do not join, outside changes of run. */
export function breaksOf(reads: readonly Read[], track: number): number[] {
  const breaks: number[] = [];
  let end: number | null = null;
  for (const { header } of reads) {
    if (header.type === recordType.run) end = null;
    if (header.type !== recordType.chunk || header.track !== track) continue;
    if (end !== null && header.tfdt !== end) breaks.push(header.tfdt - end);
    end = header.tfdt + header.duration;
  }
  return breaks;
}

/** The same units with something of theirs changed. */
export function* changed(
  events: Iterable<SourceEvent>,
  change: (unit: AccessUnit, i: number) => Partial<AccessUnit>,
): Generator<SourceEvent> {
  let i = 0;
  for (const event of events) {
    if (event.type === 'unit') yield { type: 'unit', unit: { ...event.unit, ...change(event.unit, i) } };
    i += 1;
  }
}
