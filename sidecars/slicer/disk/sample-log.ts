import type { SegmentStore } from './segment-store.ts';
/** Parts and segments for tests of the log: the sizes and clocks of a 25 fps camera with AAC, payloads that tell where they belong. */
import type { LogChunk, LogPart, LogRun } from './segment.ts';

export const epochMs = Date.UTC(2026, 0, 5, 12);
export const segmentMs = 2000;
const partsPerSegment = 5;
const framesPerPart = 10;

export function sampleRun(run = 1): LogRun {
  return {
    run,
    tracks: [
      { track: 1, kind: 'video', codec: 'avc1.64001f', timescale: 90_000, width: 1280, height: 720, fps: 25 },
      { track: 2, kind: 'audio', codec: 'mp4a.40.2', timescale: 48_000, channels: 2, sampleRate: 48_000 },
    ],
    inits: new Map([
      [1, Buffer.from(`init of video, run ${run}`)],
      [2, Buffer.from(`init of audio, run ${run}`)],
    ]),
    discontinuity: run > 1,
  };
}

function payload(text: string, bytes: number): Buffer {
  return Buffer.alloc(bytes, `${text};`);
}

/** One part of the segment that stands at `mediaSequence` × 2 s on the time line, plus `shiftMs`. */
export function samplePart(
  mediaSequence: number,
  part: number,
  options: { shiftMs?: number; synthetic?: boolean } = {},
): LogPart {
  const { shiftMs = 0, synthetic = false } = options;
  const chunks: LogChunk[] = [];
  for (let frame = 0; frame < framesPerPart; frame += 1) {
    const ms = mediaSequence * segmentMs + (part * segmentMs) / partsPerSegment + frame * 40 + shiftMs;
    const seq = mediaSequence * 1000 + part * 100 + frame * 2 + 1;
    const place = { captureUs: (epochMs + ms) * 1000, synthetic };
    const key = part === 0 && frame === 0;
    const name = `${mediaSequence}.${part}.${frame}`;
    chunks.push({
      ...place,
      track: 1,
      tfdt: ms * 90,
      duration: 3600,
      key,
      seq,
      data: payload(`v${name}`, key ? 400 : 90),
    });
    if (frame % 2 === 0) {
      chunks.push({
        ...place,
        track: 2,
        tfdt: ms * 48,
        duration: 3840,
        key: true,
        seq: seq + 1,
        data: payload(`a${name}`, 30),
      });
    }
  }
  return { mediaSequence, part, chunks, writerEpoch: 7 };
}

export function sampleBytes(mediaSequence: number, track: number | 'all' = 'all'): Buffer {
  const chunks: Buffer[] = [];
  for (let part = 0; part < partsPerSegment; part += 1) {
    for (const chunk of samplePart(mediaSequence, part).chunks)
      if (track === 'all' || chunk.track === track) chunks.push(chunk.data);
  }
  return Buffer.concat(chunks);
}

export interface SampleSegment {
  mediaSequence: number;
  run?: number;
  shiftMs?: number;
  synthetic?: boolean;
  discontinuity?: boolean;
}

export function sampleClose({
  mediaSequence,
  run = 1,
  shiftMs = 0,
  synthetic = false,
  discontinuity = false,
}: SampleSegment) {
  const startMs = epochMs + mediaSequence * segmentMs + shiftMs;
  return { mediaSequence, run, startMs, durationMs: segmentMs, discontinuity, synthetic, independent: true };
}

export async function writeSegment(store: SegmentStore, segment: SampleSegment): Promise<boolean> {
  for (let part = 0; part < partsPerSegment; part += 1)
    await store.appendPart(samplePart(segment.mediaSequence, part, segment));
  return (await store.closeSegment(sampleClose(segment))) !== null;
}
