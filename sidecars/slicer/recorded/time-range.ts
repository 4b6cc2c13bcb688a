/** `?from=&to=` of recorded media: RFC 3339 or epoch milliseconds. */

export interface TimeRange {
  fromMs: number;
  toMs: number;
}

export type RangeResult = { ok: true; range: TimeRange } | { ok: false; message: string };

const hourMs = 3_600_000;
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** UTC ms; null where nothing is given; undefined where it is no time. */
export function parseTime(text: string | null): number | null | undefined {
  if (text === null || text === '') return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  // A plus that nobody escaped arrives as a blank.
  const repaired = text.replace(/ (\d{2}:\d{2})$/, '+$1');
  const ms = rfc3339.test(repaired) ? Date.parse(repaired) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/**
 * A window of at most `maxMs`. An open `to` is now, an open `from` as early as the window allows. A longer window is refused when both ends are named;
 * from an open end it is cut, so that a link with `from` alone plays its first hour.
 */
export function parseRange(
  query: URLSearchParams,
  limits: { nowMs: number; maxMs?: number; latestMs?: number },
): RangeResult {
  const { nowMs, maxMs = hourMs, latestMs = nowMs } = limits;
  const from = parseTime(query.get('from'));
  const to = parseTime(query.get('to'));
  if (from === undefined || to === undefined) {
    return { ok: false, message: `${from === undefined ? 'from' : 'to'} is neither RFC 3339 nor epoch milliseconds` };
  }
  if (from !== null && to !== null && to - from > maxMs) {
    return { ok: false, message: `a window is at most ${maxMs / 60_000} minutes long: ask for several` };
  }
  const toMs = to ?? (from === null ? latestMs : Math.min(nowMs, from + maxMs));
  const fromMs = from ?? toMs - maxMs;
  if (toMs <= fromMs) return { ok: false, message: 'the window ends before it begins' };
  return { ok: true, range: { fromMs, toMs } };
}
