import { pastMsMax } from '../../_lib/earth-clock.ts';

const hourMs = 3_600_000;

/** How far back a bar reaches, hours. */
export const barRanges = [1, 6, 24, 168] as const;
export type BarRange = (typeof barRanges)[number];

export const rangeMs = (range: BarRange): number => Math.min(range * hourMs, pastMsMax);

/** The chosen range, or the shortest that still holds the moment: a playhead never leaves its bar. */
export function rangeHolding(chosen: BarRange, agoMs: number): BarRange {
  return barRanges.find((range) => range >= chosen && rangeMs(range) >= agoMs) ?? 168;
}

/** How long ago the marks under a bar are, hours, the oldest first; the end is now. */
export const marksOf = (range: BarRange): number[] =>
  ({ 1: [1, 0.75, 0.5, 0.25], 6: [6, 4.5, 3, 1.5], 24: [24, 18, 12, 6], 168: [168, 120, 72, 24] })[range];

/** What a key asks of the clock. */
export type KeyAct = { type: 'step'; byMs: number } | { type: 'oldest' } | { type: 'live' };

/** ←/→ 10 s, with Shift a minute, Page keys ten minutes, Home the oldest, End now. */
export function keyAct(key: string, hasShift: boolean): KeyAct | null {
  const stepMs = hasShift ? 60_000 : 10_000;
  const acts: Readonly<Record<string, KeyAct>> = {
    ArrowLeft: { type: 'step', byMs: -stepMs },
    ArrowDown: { type: 'step', byMs: -stepMs },
    ArrowRight: { type: 'step', byMs: stepMs },
    ArrowUp: { type: 'step', byMs: stepMs },
    PageDown: { type: 'step', byMs: -600_000 },
    PageUp: { type: 'step', byMs: 600_000 },
    Home: { type: 'oldest' },
    End: { type: 'live' },
  };
  return acts[key] ?? null;
}

/** The stretch that coverage is asked for: whole buckets, so that it is the same question for a while. */
export function coverageStretch(range: BarRange, nowMs: number, buckets: number): { fromMs: number; toMs: number } {
  const bucketMs = rangeMs(range) / buckets;
  const toMs = Math.ceil(nowMs / bucketMs) * bucketMs;
  return { fromMs: toMs - rangeMs(range), toMs };
}

/** The outline of what was recorded, in a box of 100 × 24 with the base at 24; empty where nothing was. */
export function coveragePath(
  recorded: readonly number[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  shown: { fromMs: number; toMs: number },
): string {
  const top = Math.max(...recorded, 1);
  const bucketMs = (toMs - fromMs) / Math.max(1, recorded.length);
  const x = (ms: number) =>
    Math.min(100, Math.max(0, ((ms - shown.fromMs) / (shown.toMs - shown.fromMs)) * 100)).toFixed(2);
  return recorded
    .flatMap((count, index) => {
      if (count <= 0) return [];
      const startMs = fromMs + index * bucketMs;
      // One camera of a thousand is still seen.
      const height = 4 + (count / top) * 20;
      return [`M${x(startMs)} 24V${(24 - height).toFixed(1)}H${x(startMs + bucketMs)}V24z`];
    })
    .join('');
}
