import type { FeedCondition } from '#server/contracts/feeds.ts';

import type { Feed } from './feed.ts';

/** After a fault a list is asked for again within the hour, however seldom it is read. */
const retrySecondsMax = 3600;
const staleIntervals = 3;
/** So that installations do not all ask at the same moment. */
const jitter = 0.1;

export function nextAfter(feed: Pick<Feed, 'intervalSeconds'>, at: Date, { ok }: { ok: boolean }): Date {
  const seconds = ok ? feed.intervalSeconds : Math.min(feed.intervalSeconds, retrySecondsMax);
  return new Date(at.getTime() + seconds * 1000 * (1 - jitter + Math.random() * 2 * jitter));
}

interface Standing {
  enabled: boolean;
  lastOkAt: Date | null;
  lastTriedAt: Date | null;
  fault: string | null;
}

/** A good reading is owed within three intervals. */
export function isStale(feed: Pick<Feed, 'intervalSeconds'>, { enabled, lastOkAt }: Standing, now: Date): boolean {
  return (
    enabled && lastOkAt !== null && now.getTime() - lastOkAt.getTime() > staleIntervals * feed.intervalSeconds * 1000
  );
}

export function conditionOf(
  feed: Pick<Feed, 'intervalSeconds'>,
  standing: Standing,
  { running, now }: { running: boolean; now: Date },
): FeedCondition {
  if (!standing.enabled) return 'off';
  if (running) return 'running';
  if (isStale(feed, standing, now)) return 'stale';
  if (standing.fault !== null) return 'failing';
  return standing.lastOkAt === null ? 'waiting' : 'ok';
}
