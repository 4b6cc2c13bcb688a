import type { StreamId } from '#server/contracts/ids.ts';

/** A source that nobody reads and that may be looked at. */
export interface LookCandidate {
  streamId: StreamId;
  /** Null for what is on this machine: it troubles nobody. */
  host: string | null;
  feed: string | null;
  lookedAtMs: number | null;
  /** Seconds between its pictures: asked more often it would give the same one. */
  intervalSeconds: number;
  /** Looks in a row that saw nothing. */
  failures: number;
  /** It lies in somebody's view. */
  hinted: boolean;
}

/** Each camera is looked at no more often, however few there are. */
const periodMsMin = 600_000;
/** One that somebody has in view. */
const hintedPeriodMs = 120_000;
const backoffMsMax = 6 * 3_600_000;
/** Between two looks at one host. */
export const hostGapMs = 1000;
/** A look that has told nothing by then is over. */
const secondsSaved = 10;

/** How long the rotation takes for all of them. */
export function rotationPeriodMs(cameras: number, looksPerMinute: number): number {
  return Math.max(periodMsMin, looksPerMinute > 0 ? (cameras / looksPerMinute) * 60_000 : 0);
}

/** When it may be looked at again; 0: at once. */
export function dueAtMs(candidate: Omit<LookCandidate, 'host' | 'feed' | 'streamId'>, periodMs: number): number {
  const { lookedAtMs, failures, hinted, intervalSeconds } = candidate;
  if (lookedAtMs === null) return 0;
  const pace = Math.max(hinted ? Math.min(hintedPeriodMs, periodMs) : periodMs, intervalSeconds * 1000);
  // The second look decides whether it is offline; from then on each waits twice as long.
  const backoff = failures >= 2 ? Math.max(periodMsMin, pace) * 2 ** Math.min(failures - 2, 10) : pace;
  return lookedAtMs + Math.max(pace, Math.min(backoffMsMax, backoff));
}

export interface Turn {
  nowMs: number;
  periodMs: number;
  slots: number;
  /** Hosts that are being asked. */
  busyHosts: ReadonlySet<string>;
  /** When each was last asked. */
  hostAskedAtMs: ReadonlyMap<string, number>;
  /** Streams of the feed that may still be read at this moment. */
  roomOf: (feed: string) => number;
}

/** Whose turn it is: what is in view first, then what was never looked at, then the longest unlooked. */
export function nextLooks(candidates: Iterable<LookCandidate>, turn: Turn): LookCandidate[] {
  const { nowMs, periodMs, slots, busyHosts, hostAskedAtMs, roomOf } = turn;
  const rank = ({ hinted, lookedAtMs }: LookCandidate) => (hinted ? 0 : lookedAtMs === null ? 1 : 2);
  const line = [...candidates]
    .filter((candidate) => dueAtMs(candidate, periodMs) <= nowMs)
    .toSorted((a, b) => rank(a) - rank(b) || (a.lookedAtMs ?? 0) - (b.lookedAtMs ?? 0));
  const hosts = new Set(busyHosts);
  const taken = new Map<string, number>();
  const chosen: LookCandidate[] = [];
  for (const candidate of line) {
    if (chosen.length >= slots) break;
    const { host, feed } = candidate;
    if (host !== null && (hosts.has(host) || nowMs - (hostAskedAtMs.get(host) ?? -Infinity) < hostGapMs)) continue;
    if (feed !== null && roomOf(feed) - (taken.get(feed) ?? 0) <= 0) continue;
    if (host !== null) hosts.add(host);
    if (feed !== null) taken.set(feed, (taken.get(feed) ?? 0) + 1);
    chosen.push(candidate);
  }
  return chosen;
}

/** So much a second, saved up for ten seconds at most; what a look really cost is taken afterwards, and may leave a debt. */
export class Budget {
  readonly #perSecond: number;
  readonly #most: number;
  #left: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: number, least = 0) {
    this.#perSecond = perSecond;
    this.#most = Math.max(perSecond * secondsSaved, least);
    this.#left = this.#most;
    this.#atMs = nowMs;
  }

  left(nowMs: number): number {
    this.#left = Math.min(this.#most, this.#left + (Math.max(0, nowMs - this.#atMs) / 1000) * this.#perSecond);
    this.#atMs = nowMs;
    return this.#left;
  }

  take(amount: number, nowMs: number): void {
    this.#left = this.left(nowMs) - amount;
  }
}
