import { z } from 'zod';

import { importState, rejectedRow, type FeedView, type ImportRun, type RejectedRow } from '#server/contracts/feeds.ts';

import type { Feed } from './feed.ts';
import { conditionOf } from './schedule.ts';
import type { FeedRow, RunRow } from './store.ts';

/** All of them are in the report. */
const rejectedRowsShown = 200;
/** Rows of runs that an earlier version wrote hold a sentence of its own. */
const writtenRow = z
  .object({ row: z.string(), reason: z.string() })
  .transform(({ row, reason }): RejectedRow => ({ row, code: 'OTHER', about: reason }));
const rejectedRows = z.array(z.union([rejectedRow, writtenRow]));

export function toFeedView(
  feed: Feed,
  row: FeedRow | null,
  facts: { cameras: number; running: boolean; now: Date; forOwner: boolean },
): FeedView {
  const { cameras, running, now, forOwner } = facts;
  const standing = row ?? { enabled: false, lastOkAt: null, lastTriedAt: null, nextAt: null, fault: null };
  const { id, name, nameJa, country, homepage, licence, attribution, expected } = feed;
  return {
    id,
    name,
    nameJa,
    country,
    homepage,
    licence,
    attribution,
    expected,
    cameras,
    enabled: standing.enabled,
    condition: conditionOf(feed, standing, { running, now }),
    lastOkAt: standing.lastOkAt?.toISOString() ?? null,
    lastTriedAt: standing.lastTriedAt?.toISOString() ?? null,
    nextAt: standing.enabled ? (standing.nextAt?.toISOString() ?? null) : null,
    fault: forOwner ? standing.fault : null,
    shrunken: forOwner && standing.enabled && (standing.fault?.includes('SHRUNKEN') ?? false),
  };
}

export function toImportRun(row: RunRow): ImportRun {
  return {
    ...row,
    state: importState.parse(row.state),
    rejectedRows: rejectedOf(row).slice(0, rejectedRowsShown),
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

export function rejectedOf(row: Pick<RunRow, 'rejectedRows'>): ImportRun['rejectedRows'] {
  return rejectedRows.parse(row.rejectedRows);
}
