import {
  encodeRecord,
  recordFlag,
  recordType,
  type RecordHeader,
  type RunTrack,
} from '#server/contracts/log-record.ts';

/** Records as a packager emits them (seq 0); a chunk's payload begins with its own count, so that loss and doubles can be seen. */
const header = (over: Partial<RecordHeader> & Pick<RecordHeader, 'type'>): RecordHeader => ({
  flags: 0,
  track: 0,
  seq: 0,
  tfdt: 0,
  duration: 0,
  captureUs: 0,
  clock: 'arrival',
  ...over,
});

const video: RunTrack = { track: 1, kind: 'video', codec: 'avc1.42c01f', timescale: 90_000 };
const audio: RunTrack = { track: 2, kind: 'audio', codec: 'mp4a.40.2', timescale: 48_000 };

export function aRun(run: number, kinds: ('video' | 'audio')[] = ['video', 'audio'], reason = 'start'): Buffer {
  const tracks = kinds.map((kind) => (kind === 'video' ? video : audio));
  return encodeRecord(header({ type: recordType.run }), { run, reason, tracks });
}

export function anInit(track: number): Buffer {
  return encodeRecord(header({ type: recordType.init, track }), Buffer.from('init'));
}

export function aClock(track: number, tfdt = 0): Buffer {
  const payload = { track, tfdt, utcUs: 1, ppb: 0, errorUs: 0, clock: 'arrival' };
  return encodeRecord(header({ type: recordType.clock, track, tfdt }), payload);
}

export function aChunk({ track = 1, key = false, n = 0, size = 64 }): Buffer {
  const payload = Buffer.alloc(Math.max(4, size));
  payload.writeUInt32BE(n);
  return encodeRecord(
    header({ type: recordType.chunk, track, flags: key ? recordFlag.key : 0, tfdt: n * 3000 }),
    payload,
  );
}

export function aState(): Buffer {
  const payload = { fps: 30, bitrate: 1, lost: 0, dropped: 0, source: 'connected' };
  return encodeRecord(header({ type: recordType.state }), payload);
}

export function anEnd(): Buffer {
  return encodeRecord(header({ type: recordType.end }), { reason: 'released', graceMs: 0 });
}
