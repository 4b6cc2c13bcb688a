/** Choice of PART-TARGET and TARGETDURATION from measured frame and GOP durations. Ticks are of the leading track's timescale. */

/** RFC 8216bis §4.4.4.9: a part lasts at least this share of PART-TARGET unless it is independent or the last of its segment. */
export const partShareMin = 0.85;
const partSecondsMax = 0.2;
export const targetDurationMin = 2;
export const targetDurationMax = 6;
/** A GOP may outlast TARGETDURATION by this much: EXTINF is compared after rounding (RFC 8216bis §4.4.3.1), and 60 frames at 29.97 are 2.002 s. */
export const targetDurationSlack = 0.1;

/** From the frames of the very first part: their sum, and room for what their durations differ by. */
export function firstPartTarget(durations: readonly number[], timescale: number): number {
  const sum = durations.reduce((total, duration) => total + duration, 0);
  const spread = Math.max(...durations) - Math.min(...durations);
  return Math.min(sum + spread, Math.max(sum, partSecondsMax * timescale));
}

/** No further frame as long as the last one fits into the first part. */
export function firstPartIsFull(durations: readonly number[], timescale: number): boolean {
  const sum = durations.reduce((total, duration) => total + duration, 0);
  // Half a millisecond: 30 fps rounded to milliseconds are six frames of 33 or 34.
  return sum + (durations.at(-1) ?? 0) > (partSecondsMax + 0.0005) * timescale;
}

function sumsOf(durations: readonly number[], count: number): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (let at = 0; at + count <= durations.length; at += 1) {
    let sum = 0;
    for (let i = at; i < at + count; i += 1) sum += durations[i] ?? 0;
    min = Math.min(min, sum);
    max = Math.max(max, sum);
  }
  return { min, max };
}

/**
 * PART-TARGET for a stream whose frames last as long as these did: `current` while some number of frames keeps to it, else the longest
 * number of frames ≤ 0.2 s whose sums all lie between 85 % and 100 % of the longest of them.
 */
export function nextPartTarget(durations: readonly number[], timescale: number, current: number): number {
  const median = durations.toSorted((a, b) => a - b)[durations.length >> 1] ?? 0;
  // A stall is not the frame rate.
  const usual = durations.filter((duration) => duration <= 3 * median);
  if (median === 0 || usual.length === 0) return current;
  const countMax = Math.max(1, Math.floor((partSecondsMax * timescale) / median + 0.05));
  const candidates: { count: number; min: number; max: number }[] = [];
  for (let count = Math.min(countMax, usual.length); count >= 1; count -= 1)
    candidates.push({ count, ...sumsOf(usual, count) });
  const keepsTo = (target: number, sums: { min: number; max: number }) =>
    sums.max <= target && sums.min >= target * partShareMin;
  if (candidates.some((sums) => keepsTo(current, sums))) return current;
  return candidates.find((sums) => keepsTo(sums.max, sums))?.max ?? candidates.at(-1)?.max ?? current;
}

/** TARGETDURATION that holds whole GOPs of this length; `frameSeconds` for pictures rarer than that. */
export function targetDurationFor(gopSeconds: number, frameSeconds: number): number {
  const gop = Math.min(targetDurationMax, Math.max(targetDurationMin, Math.ceil(gopSeconds - targetDurationSlack)));
  return Math.max(gop, Math.ceil(frameSeconds - targetDurationSlack));
}
