import { nextRecordedMs, type Span } from './coverage.ts';
import { mediaTimeOf, wallRangeOf, windowAfter, windowAround, type DatedFragment } from './picture-time.ts';
import type { Mode } from './session-state.ts';

/** Where a moment is to be seen. */
type Destination =
  /** At the edge. */
  | { type: 'live' }
  /** Inside what is loaded. */
  | { type: 'jump'; mediaTime: number }
  | { type: 'open'; mode: Mode };

/** So near to now it is live, whatever was asked for. */
const liveWithinMs = 2000;
/** What was recorded last is not listed yet. */
const recordedBeforeMs = 5000;

/** `loaded`: null where nothing plays that could be jumped in. */
export function destinationOf(
  wallMs: number,
  at: { loaded: readonly DatedFragment[] | null; spans: readonly Span[]; nowMs: number },
): Destination {
  const { loaded, spans, nowMs } = at;
  if (wallMs > nowMs - liveWithinMs) return { type: 'live' };
  const range = wallRangeOf(loaded ?? []);
  const mediaTime = mediaTimeOf(loaded ?? [], wallMs);
  const isLoaded = range !== null && wallMs >= range.fromMs && wallMs < range.toMs;
  if (isLoaded && mediaTime !== null) return { type: 'jump', mediaTime };
  const atMs = nextRecordedMs(spans, wallMs) ?? wallMs;
  if (atMs > nowMs - recordedBeforeMs) return { type: 'open', mode: { type: 'live' } };
  return { type: 'open', mode: { type: 'past', atMs, ...windowAround(atMs, nowMs) } };
}

/** What follows a recorded window that was played to its end: the next one, or live when there is none left. */
export function modeAfter(
  mode: Extract<Mode, { type: 'past' }>,
  at: { loaded: readonly DatedFragment[]; spans: readonly Span[]; nowMs: number },
): Mode {
  const endMs = Math.max(wallRangeOf(at.loaded)?.toMs ?? mode.toMs, mode.atMs + 1);
  const next = windowAfter(at.spans, endMs, at.nowMs);
  return next ? { type: 'past', ...next } : { type: 'live' };
}

/** Whether a playlist has its pictures and its sound apart. */
export const isLadderUrl = (url: string): boolean => url.endsWith('?ladder=1');

/** As it is for players that choose for themselves, with the ladder where its owner has it made always. */
export const plainUrl = (url: string): string => url.replace('?ladder=0', '');

/** The playlist of a mode. Smaller pictures are there for live alone. */
export function playlistUrl(hlsUrl: string, mode: Mode, isLadder: boolean): string {
  // Said either way: the smaller hls.js would leave out the sound of a ladder that its owner has listed.
  if (mode.type === 'live') return `${hlsUrl}?ladder=${isLadder ? 1 : 0}`;
  const window = { from: new Date(mode.fromMs).toISOString(), to: new Date(mode.toMs).toISOString() };
  return `${hlsUrl}?${new URLSearchParams(window)}`;
}
