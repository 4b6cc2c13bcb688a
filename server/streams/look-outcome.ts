import { z } from 'zod';

import type { CameraKind, CameraState } from '#server/contracts/camera.ts';
import { lastingFaults, sourceFault, type SourceFault } from '#server/contracts/doctor.ts';
import type { LookReport } from '#server/contracts/look.ts';

/** What is kept of the last look, in `streams.look`. */
export const lookMemory = z.object({
  frameTime: z.iso.datetime().nullable(),
  hash: z.string().nullable(),
  bytes: z.number(),
  ms: z.number(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  fault: sourceFault.nullable(),
  /** Looks in a row that saw nothing. */
  failures: z.number(),
  /** When the picture that was seen last was seen first. */
  sameSince: z.iso.datetime().nullable(),
});
export type LookMemory = z.infer<typeof lookMemory>;

interface Looked {
  at: Date;
  report: LookReport;
  before: LookMemory | null;
  source: { kind: CameraKind; demo: boolean; intervalSeconds: number };
}

/** Null: the look says nothing new, what was measured before stands. */
export type LookVerdict = { state: CameraState; reason: string | null } | null;

const intervalsMax = 2.5;
/** A picture of video is that of a moment. */
const freshMsMin = 10_000;
/** The same for so long is still. */
const stillMsMin = 1_800_000;
const stillIntervals = 10;
/** One that fails once may have been unlucky. */
const failuresUntilOffline = 2;
/** Of ours, or for this moment: they say nothing of the source. */
const ours: ReadonlySet<SourceFault> = new Set<SourceFault>(['INTERNAL', 'BUSY']);
/** What comes when it happens: its arrival is its time where the sender tells none. */
const pushed: ReadonlySet<CameraKind> = new Set<CameraKind>(['rtsp', 'mpegts', 'srt', 'mjpeg']);

/** What a single look may be called. Live is said only of a picture that is recent by its own time and another than the one before. */
export function outcomeOf(looked: Looked): { memory: LookMemory; verdict: LookVerdict } {
  const { report, before, at } = looked;
  const { frameTime, hash, bytes, ms, width, height } = report;
  if (!report.ok) {
    const fault = report.fault ?? 'INTERNAL';
    const failures = (before?.failures ?? 0) + (ours.has(fault) ? 0 : 1);
    const kept = before ?? { frameTime: null, hash: null, width: null, height: null, sameSince: null };
    const memory = { ...kept, bytes, ms, fault, failures };
    const isDown = failures >= failuresUntilOffline && !ours.has(fault);
    return {
      memory,
      verdict: isDown ? { state: lastingFaults.has(fault) ? 'error' : 'offline', reason: fault } : null,
    };
  }
  const isSame = before?.hash !== null && before?.hash === hash;
  const sameSince = isSame && before?.sameSince ? before.sameSince : at.toISOString();
  const memory = { frameTime, hash, bytes, ms, width, height, fault: null, failures: 0, sameSince };
  return { memory, verdict: seen(looked, { isSame, sameSince }) };
}

function seen({ at, report, before, source }: Looked, same: { isSame: boolean; sameSince: string }): LookVerdict {
  if (source.demo) return { state: 'demo', reason: null };
  const intervalMs = source.intervalSeconds * 1000;
  const stillMs = Math.max(stillMsMin, stillIntervals * intervalMs);
  const ageMs = report.frameTime ? at.getTime() - Date.parse(report.frameTime) : pushed.has(source.kind) ? 0 : null;
  const sameForMs = at.getTime() - Date.parse(same.sameSince);
  if ((ageMs !== null && ageMs > stillMs) || (same.isSame && sameForMs > stillMs))
    return { state: 'still', reason: 'frozen' };
  const hasChanged = before?.hash !== null && before?.hash !== undefined && !same.isSame;
  const isFresh = ageMs !== null && ageMs <= Math.max(freshMsMin, intervalsMax * intervalMs);
  return { state: hasChanged && isFresh ? 'live' : 'delayed', reason: null };
}
