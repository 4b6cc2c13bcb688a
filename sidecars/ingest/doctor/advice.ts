import type { CameraKind } from '#server/contracts/camera.ts';
import type { DoctorAdvice, DoctorReport } from '#server/contracts/doctor.ts';

import type { Signs } from './examination.ts';

/** Longer groups delay the first picture and every jump. */
const gopSecondsMax = 4;
const fpsMin = 5;
const bitrateMax = 12_000_000;
/** Kinds whose sender could tell its clock, and whose lack of one makes latency a guess. */
const clocked = new Set<CameraKind>(['rtsp', 'mpegts', 'srt']);
const silent = new Set<CameraKind>(['snapshot', 'mjpeg', 'synthetic']);

/** What works and could work better. */
export function advise(
  seen: Signs & Pick<DoctorReport, 'video' | 'audio' | 'clock' | 'bitrate'> & { kind: CameraKind },
): DoctorAdvice[] {
  const { video, audio, kind } = seen;
  if (!video) return [];
  const isStill = kind === 'snapshot';
  // Each of its pictures stands by itself.
  const hasGroups = !isStill && kind !== 'mjpeg';
  const gop = video.gopSeconds ?? seen.spanSeconds;
  const checks: [DoctorAdvice, boolean][] = [
    ['GOP_LONG', hasGroups && gop > gopSecondsMax],
    ['GOP_IRREGULAR', hasGroups && isIrregular(seen.keyIntervals)],
    ['B_FRAMES', video.bFrames],
    ['NO_CLOCK', seen.clock === 'arrival' && clocked.has(kind)],
    ['CLOCK_WRONG', seen.clock === 'sr-rate'],
    ['FPS_LOW', !isStill && video.fps > 0 && video.fps < fpsMin],
    ['FPS_UNSTEADY', !isStill && isUnsteady(seen.intervals)],
    ['BITRATE_HIGH', (seen.bitrate ?? 0) > bitrateMax],
    ['AUDIO_TRANSCODED', audio?.transcoded === true],
    ['VIDEO_TRANSCODED', video.transcoded],
    ['NO_AUDIO', audio === null && !silent.has(kind)],
    ['AUDIO_INVALID', audio !== null && seen.audioSound < seen.audioSeen * 0.9],
    ['PACKETS_LOST', seen.lost > 0],
  ];
  return checks.flatMap(([code, applies]) => (applies ? [code] : []));
}

function isIrregular(intervals: readonly number[]): boolean {
  return intervals.length >= 2 && Math.max(...intervals) > 1.5 * Math.min(...intervals);
}

/** The usual step is the median; a source is steady while few steps leave it by half. */
function isUnsteady(intervals: readonly number[]): boolean {
  if (intervals.length < 10) return false;
  const median = intervals.toSorted((a, b) => a - b)[Math.floor(intervals.length / 2)] ?? 0;
  return intervals.filter((step) => Math.abs(step - median) > median / 2).length > intervals.length / 10;
}
