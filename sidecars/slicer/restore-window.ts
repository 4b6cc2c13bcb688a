import { codecFamily } from './codec-family.ts';
import type { SegmentStore } from './disk/segment-store.ts';
import type { LogRun } from './disk/segment.ts';
import type { LiveWindow } from './live-window.ts';

/** Where the disk ended: the run, and the decode time at which its leading track would go on. */
export interface ResumePoint {
  run: LogRun;
  end: number;
}

const reachMs = 90_000;
const segmentsMax = 60;

/** Fills the window with the segments that the disk kept from the life before, so that players go on over a restart. Null where none joins on. */
export async function restoreWindow(
  window: LiveWindow,
  store: SegmentStore,
  nowMs: number,
): Promise<ResumePoint | null> {
  const kept = (await store.segments(nowMs - reachMs, nowMs + reachMs)).slice(-segmentsMax);
  // A playlist has no gap in its numbers: only what leads up to the next one counts.
  const next = window.nextMediaSequence;
  const joined = kept.filter((segment, index) => segment.mediaSequence === next - (kept.length - index));
  let run: LogRun | null = null;
  for (const segment of joined) {
    run = await store.run(segment.run);
    if (!run) {
      window.clear();
      continue;
    }
    // What was there before another codec family is not listed with it.
    const before = window.last && window.runs.get(window.last.run);
    if (before && codecFamily(before.tracks) !== codecFamily(run.tracks)) window.clear();
    window.runs.set(run.run, run);
    window.push({
      mediaSequence: segment.mediaSequence,
      run: segment.run,
      discontinuity: segment.discontinuity,
      discontinuitySequence: segment.run,
      startMs: segment.startMs,
      independent: segment.independent,
      // They are whole, and their parts are not in memory.
      listsParts: false,
      synthetic: segment.synthetic,
      parts: [],
      duration: segment.durationMs / 1000,
      bytes: segment.bytes,
      closed: true,
    });
    window.markStored(segment.mediaSequence);
  }
  const lead = run?.tracks.find((track) => track.kind === 'video') ?? run?.tracks[0];
  const track = joined.at(-1)?.tracks.find((each) => each.track === lead?.track);
  return run && track ? { run, end: track.tfdt + track.duration } : null;
}

/** Whether a run announced anew is the one that the disk ended with. */
export function isSameRun(a: LogRun, b: LogRun): boolean {
  return (
    JSON.stringify(a.tracks) === JSON.stringify(b.tracks) &&
    a.inits.size === b.inits.size &&
    [...a.inits].every(([track, init]) => b.inits.get(track)?.equals(init) === true)
  );
}
