import { spawnSync } from 'node:child_process';

import type { RunTrack } from '#server/contracts/log-record.ts';

/** Real H.264 and AAC in chunks of one frame, made by Debian's ffmpeg when a test runs. */
export interface FixtureTrack {
  info: RunTrack;
  init: Buffer;
  chunks: { data: Buffer; tfdt: number; duration: number; key: boolean }[];
}

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

export function makeVideo(options: {
  fps: number;
  gop: number;
  seconds: number;
  size?: string;
  x264?: string;
  codec?: 'h264' | 'hevc';
}): FixtureTrack {
  const { fps, gop, seconds, size = '320x180', x264 = '', codec = 'h264' } = options;
  if (codec === 'hevc') return makeHevc({ fps, gop, seconds, size });
  const bytes = ffmpeg(
    `-f lavfi -i testsrc2=size=${size}:rate=${fps} -t ${seconds} -c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 0 ` +
      `-g ${gop} -keyint_min ${gop} -x264-params scenecut=0:threads=1${x264} -video_track_timescale 90000`,
  );
  const [width = 0, height = 0] = size.split('x').map(Number);
  const info: RunTrack = {
    track: 1,
    kind: 'video',
    codec: 'avc1.42c00c',
    timescale: 90_000,
    width,
    height,
    fps,
    reorder: 0,
  };
  return readTrack(bytes, info);
}

function makeHevc({
  fps,
  gop,
  seconds,
  size,
}: {
  fps: number;
  gop: number;
  seconds: number;
  size: string;
}): FixtureTrack {
  const bytes = ffmpeg(
    `-f lavfi -i testsrc2=size=${size}:rate=${fps} -t ${seconds} -c:v libx265 -preset ultrafast -pix_fmt yuv420p -tag:v hvc1 ` +
      `-x265-params log-level=none:bframes=0:keyint=${gop}:min-keyint=${gop}:scenecut=0:open-gop=0:pools=1 -video_track_timescale 90000`,
  );
  const [width = 0, height = 0] = size.split('x').map(Number);
  const place = { track: 1, timescale: 90_000, width, height, fps, reorder: 0 };
  return readTrack(bytes, { ...place, kind: 'video', codec: 'hvc1.1.6.L60.90' });
}

export function makeAudio(seconds: number): FixtureTrack {
  const bytes = ffmpeg(`-f lavfi -i sine=frequency=440:sample_rate=48000 -t ${seconds} -c:a aac -b:a 64k -ac 1`);
  const info: RunTrack = {
    track: 2,
    kind: 'audio',
    codec: 'mp4a.40.2',
    timescale: 48_000,
    channels: 1,
    sampleRate: 48_000,
  };
  return readTrack(bytes, info);
}

function ffmpeg(options: string): Buffer {
  const args = `-v error ${options} -movflags +empty_moov+default_base_moof+frag_every_frame -f mp4 -`.split(' ');
  const made = spawnSync('ffmpeg', args, { maxBuffer: 256 * 1024 * 1024, timeout: 30_000 });
  if (made.status !== 0) throw new Error(`ffmpeg: ${made.stderr.toString()}`);
  return made.stdout;
}

function* boxesOf(bytes: Buffer): Generator<{ type: string; bytes: Buffer }> {
  for (let offset = 0; offset + 8 <= bytes.length;) {
    const size = bytes.readUInt32BE(offset);
    yield {
      type: bytes.toString('latin1', offset + 4, offset + 8),
      bytes: Buffer.from(bytes.subarray(offset, offset + size)),
    };
    if (size < 8) return;
    offset += size;
  }
}

function readTrack(bytes: Buffer, info: RunTrack): FixtureTrack {
  const init: Buffer[] = [];
  const chunks: FixtureTrack['chunks'] = [];
  let moof: Buffer | null = null;
  for (const { type, bytes: box } of boxesOf(bytes)) {
    if (type === 'ftyp' || type === 'moov') init.push(box);
    if (type === 'moof') moof = box;
    if (type !== 'mdat' || !moof) continue;
    setTrackId(moof, 'tfhd', 4, info.track);
    const tfdt = Number(moof.readBigUInt64BE(moof.indexOf('tfdt') + 8));
    const mdat = box;
    // nal_unit_type 5 in the first slice: the GOP's first picture; SEI may stand before it.
    const isHevc = info.codec.startsWith('hvc1');
    const key =
      info.kind === 'audio' ||
      nalHeaders(mdat.subarray(8)).some((header) => (isHevc ? isIrap(header) : (header & 31) === 5));
    chunks.push({ data: Buffer.concat([moof, mdat]), tfdt, duration: 0, key });
    moof = null;
  }
  chunks.forEach((chunk, at) => {
    const next = chunks[at + 1];
    chunk.duration = next ? next.tfdt - chunk.tfdt : (chunks[at - 1]?.duration ?? 0);
  });
  const whole = Buffer.concat(init);
  setTrackId(whole, 'tkhd', 12, info.track);
  setTrackId(whole, 'trex', 4, info.track);
  return { info, init: whole, chunks };
}

function nalHeaders(mdat: Buffer): number[] {
  const headers: number[] = [];
  for (let at = 0; at + 5 <= mdat.length; at += 4 + mdat.readUInt32BE(at)) headers.push(mdat.readUInt8(at + 4));
  return headers;
}

/** HEVC's random access pictures: types 16 to 21. */
function isIrap(header: number): boolean {
  const type = (header >> 1) & 63;
  return type >= 16 && type <= 21;
}

/** Writes the id `offset` bytes behind the box's type. */
function setTrackId(bytes: Buffer, type: string, offset: number, track: number): void {
  bytes.writeUInt32BE(track, bytes.indexOf(type) + 4 + offset);
}

/** A chunk moved to another decode time. */
export function movedTo(chunk: { data: Buffer }, tfdt: number): Buffer {
  const data = Buffer.from(chunk.data);
  data.writeBigUInt64BE(BigInt(tfdt), data.indexOf('tfdt') + 8);
  return data;
}
