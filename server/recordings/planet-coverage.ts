import { isId } from '#server/contracts/ids.ts';
import type { Reach } from '#server/contracts/permissions.ts';
import type { Rows } from '#server/platform/transaction.ts';

/** Which cameras count; null narrows nothing. */
interface CameraScope {
  /** What who asks may see, without what is unlisted; and what they may change, which they see in any case. */
  view: Reach;
  write: Reach;
  kinds: readonly string[] | null;
  country: string | null;
  demo: boolean;
}

export interface PlanetSpan {
  from: Date;
  to: Date;
  buckets: number;
  scope: CameraScope;
}

export interface PlanetCoverage {
  /** Cameras with a picture in each bucket. */
  recorded: number[];
  oldest: Date | null;
}

/**
 * Asked of the index, minute rows untouched: one look a camera and bucket, and only for cameras that have anything in the span. What is older than a
 * camera keeps does not count, though its row may still be there.
 */
export async function planetCoverage(
  rows: Rows,
  { from, to, buckets, scope, now }: PlanetSpan & { now: Date },
): Promise<PlanetCoverage> {
  const bucketMs = (to.getTime() - from.getTime()) / buckets;
  const { kinds, country, demo } = scope;
  const [view, write] = [columnsOf(scope.view), columnsOf(scope.write)];
  const found = await rows.$queryRaw<{ bucket: number | null; cameras: number | null; oldest: Date | null }[]>`
    WITH RECURSIVE line AS (
      -- From one stream that has minutes to the next: most cameras of a large house have none.
      (SELECT stream_id FROM segment_minutes ORDER BY stream_id LIMIT 1)
      UNION ALL
      SELECT (SELECT next.stream_id FROM segment_minutes AS next WHERE next.stream_id > line.stream_id ORDER BY next.stream_id LIMIT 1)
      FROM line WHERE line.stream_id IS NOT NULL
    ), shown AS MATERIALIZED (
      SELECT stream_id, ${now}::timestamptz - make_interval(secs => (record_policy->>'maxAgeSeconds')::double precision) AS kept_from
      FROM line JOIN cameras USING (stream_id)
      WHERE deleted_at IS NULL AND withheld_at IS NULL
        AND (
          ((${view.everything} OR visibility = ANY(${view.visibilities}::text[]) OR owner_id = ${view.ownerId}::uuid OR cameras.id = ANY(${view.ids}::uuid[]))
            AND visibility <> 'unlisted' AND (${view.within}::uuid[] IS NULL OR cameras.id = ANY(${view.within}::uuid[])))
          OR ((${write.everything} OR owner_id = ${write.ownerId}::uuid OR cameras.id = ANY(${write.ids}::uuid[]))
            AND (${write.within}::uuid[] IS NULL OR cameras.id = ANY(${write.within}::uuid[])))
        )
        AND (${kinds}::text[] IS NULL OR kind = ANY(${kinds}::text[]))
        AND (${country}::text IS NULL OR country = ${country}::text)
        AND (${demo} OR NOT demo)
    ), kept AS MATERIALIZED (
      SELECT shown.stream_id, shown.kept_from, first.minute AS oldest
      FROM shown CROSS JOIN LATERAL (
        SELECT minute FROM segment_minutes WHERE stream_id = shown.stream_id AND minute >= shown.kept_from ORDER BY minute LIMIT 1
      ) AS first
    ), counted AS (
      SELECT bucket, count(*)::int AS cameras
      FROM kept
      CROSS JOIN generate_series(0, ${buckets}::int - 1) AS bucket
      CROSS JOIN LATERAL (
        SELECT ${from}::timestamptz + make_interval(secs => bucket * ${bucketMs / 1000}::double precision) AS begins,
               ${from}::timestamptz + make_interval(secs => (bucket + 1) * ${bucketMs / 1000}::double precision) AS ends
      ) AS span
      CROSS JOIN LATERAL (
        -- A minute's segments reach from its start into the next.
        SELECT FROM segment_minutes
        WHERE stream_id = kept.stream_id AND minute > span.begins - interval '1 minute' AND minute < span.ends AND minute >= kept.kept_from
        LIMIT 1
      ) AS any_minute
      WHERE span.ends > kept.oldest
      GROUP BY bucket
    )
    SELECT bucket, cameras, NULL::timestamptz AS oldest FROM counted
    UNION ALL SELECT NULL, NULL, min(oldest) FROM kept`;
  const recorded = Array.from({ length: buckets }, () => 0);
  for (const { bucket, cameras } of found) if (bucket !== null) recorded[bucket] = cameras ?? 0;
  return { recorded, oldest: found.find((row) => row.bucket === null)?.oldest ?? null };
}

/** Ids as the column has them: what a key names may be no id of ours at all. */
function columnsOf({ everything, visibilities, ownerId, ids, within }: Reach) {
  const ours = (some: readonly string[]) => some.filter(isId);
  return { everything, visibilities: [...visibilities], ownerId, ids: ours(ids), within: within && ours(within) };
}
