import type { StreamId } from '#server/contracts/ids.ts';

/** Why a stream that is wanted is not read. */
export type Refusal = 'feedBusy' | 'capacity';

export interface Applicant {
  streamId: StreamId;
  feed: string | null;
  /** When somebody last asked for its picture, UTC ms. */
  wantedAtMs: number;
  /** It is being read. */
  isRead: boolean;
}

interface Limits {
  nowMs: number;
  /** Streams of a feed that may be read at once, those that are always read among them. */
  feeds: ReadonlyMap<string, number>;
  /** Of each feed, how many are always read. */
  alwaysOfFeed: ReadonlyMap<string, number>;
  /** Of each feed, how many connections there are besides: streams that are just being let go, looks. */
  busyOfFeed: ReadonlyMap<string, number>;
  /** Room for streams that are read on demand. */
  capacity: number;
}

/** Who watches asks each 5 s, and is counted each 10 s: one that was not asked for so long is watched by nobody. */
export const watchedForMs = 15_000;

/**
 * Who of the wanted may be read. What is read and watched keeps its place; what nobody watches any more gives way, the longest unwatched first; among
 * those that come, the last one asked for first. Whoever comes begins when the one that gave way is gone, so that a feed never has one connection too many.
 */
export function admit(
  applicants: readonly Applicant[],
  { nowMs, feeds, alwaysOfFeed, busyOfFeed, capacity }: Limits,
): { admitted: Set<StreamId>; refused: Map<StreamId, Refusal> } {
  const rank = ({ isRead, wantedAtMs }: Applicant) => {
    const isWatched = nowMs - wantedAtMs <= watchedForMs;
    return isWatched ? (isRead ? 0 : 1) : isRead ? 2 : 3;
  };
  const line = applicants.toSorted(
    (a, b) => rank(a) - rank(b) || b.wantedAtMs - a.wantedAtMs || (a.streamId < b.streamId ? -1 : 1),
  );
  const ofFeed = new Map(alwaysOfFeed);
  const admitted = new Set<StreamId>();
  const refused = new Map<StreamId, Refusal>();
  for (const { streamId, feed } of line) {
    const taken = feed === null ? 0 : (ofFeed.get(feed) ?? 0);
    const most = feed === null ? undefined : feeds.get(feed);
    if (most !== undefined && taken >= most) refused.set(streamId, 'feedBusy');
    else if (admitted.size >= capacity) refused.set(streamId, 'capacity');
    else {
      admitted.add(streamId);
      if (feed !== null) ofFeed.set(feed, taken + 1);
    }
  }
  for (const [feed, most] of feeds) {
    const ofThis = line.filter((applicant) => applicant.feed === feed);
    const open = (alwaysOfFeed.get(feed) ?? 0) + (busyOfFeed.get(feed) ?? 0);
    let free = most - open - ofThis.filter((applicant) => applicant.isRead).length;
    for (const { streamId, isRead } of ofThis) {
      if (isRead || !admitted.has(streamId)) continue;
      free -= 1;
      if (free >= 0) continue;
      admitted.delete(streamId);
      refused.set(streamId, 'feedBusy');
    }
  }
  return { admitted, refused };
}
