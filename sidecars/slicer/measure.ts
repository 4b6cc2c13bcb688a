import type { CameraState } from '#server/contracts/camera.ts';
import { lastingFaults, type SourceFault } from '#server/contracts/doctor.ts';

/** What the LIVE rule is decided from. Times in ms, ages against now. */
export interface Observation {
  /** It is over: nothing is expected any more. */
  ended: boolean;
  demo: boolean;
  onDemand: boolean;
  /** Snapshots: seconds between pictures; null for video. */
  intervalSeconds: number | null;
  /** Since the newest frame came; null before the first. */
  arrivalAgeMs: number | null;
  /** Now − capture wall clock of the newest frame; null where it carries none. */
  frameAgeMs: number | null;
  /** Why the picture does not move, as the truth about the picture says; null while it moves or nobody has looked. */
  stillReason: 'frozen' | 'black' | 'loop' | null;
  /** What ingest said last. */
  fault: SourceFault | null;
  /** A writer is connected. */
  writing: boolean;
}

export interface Verdict {
  state: CameraState;
  reason: string | null;
}

const liveAgeMs = 3000;
const offlineAgeMs = 10_000;
const intervalsMax = 2.5;

/** LIVE is measured, never claimed (rules in docs/design: LIVE rules). */
export function judge(seen: Observation): Verdict {
  const { arrivalAgeMs, frameAgeMs, fault, intervalSeconds } = seen;
  if (seen.ended) return { state: 'offline', reason: 'ended' };
  const intervalMs = intervalSeconds === null ? 0 : intervalSeconds * 1000 * intervalsMax;
  const offlineMs = Math.max(offlineAgeMs, intervalMs);
  if (arrivalAgeMs === null || arrivalAgeMs > offlineMs) return silent(seen);
  if (seen.demo) return { state: 'demo', reason: null };
  if (seen.stillReason === 'loop') return { state: 'demo', reason: 'loop' };
  if (seen.stillReason) return { state: 'still', reason: seen.stillReason };
  const ageMs = Math.max(arrivalAgeMs, frameAgeMs ?? 0);
  if (ageMs <= Math.max(liveAgeMs, intervalMs)) return { state: 'live', reason: null };
  return { state: 'delayed', reason: fault };
}

function silent({ arrivalAgeMs, fault, onDemand, writing }: Observation): Verdict {
  if (fault) return { state: lastingFaults.has(fault) ? 'error' : 'offline', reason: fault };
  // A source that sleeps until somebody looks has not failed, and one that was never asked has not been looked at.
  if (onDemand && !writing) return { state: 'unchecked', reason: 'onDemand' };
  if (arrivalAgeMs === null) return { state: 'unchecked', reason: null };
  return { state: 'offline', reason: 'noSource' };
}
