import type { SegmentRow } from '#server/contracts/sidecar.ts';
import type { Rows } from '#server/platform/db.ts';

/** Adds to what is known of the minute; of a segment told twice the later telling counts. */
export async function writeMinute(
  rows: Rows,
  { streamId, minute, segments }: { streamId: string; minute: Date; segments: SegmentRow[] },
): Promise<void> {
  await rows.$executeRaw`
    INSERT INTO segment_minutes AS kept (stream_id, minute, segments, updated_at)
    VALUES (${streamId}::uuid, ${minute}, ${JSON.stringify(segments)}::jsonb, now())
    ON CONFLICT (stream_id, minute) DO UPDATE
    SET updated_at = excluded.updated_at, segments = (
      SELECT coalesce(jsonb_agg(merged.segment ORDER BY merged.sequence), '[]')
      FROM (
        SELECT DISTINCT ON (told.sequence) told.sequence, told.segment
        FROM (
          SELECT (segment->>0)::bigint AS sequence, segment, 1 AS age FROM jsonb_array_elements(excluded.segments) AS segment
          UNION ALL
          SELECT (segment->>0)::bigint, segment, 2 FROM jsonb_array_elements(kept.segments) AS segment
        ) AS told
        ORDER BY told.sequence, told.age
      ) AS merged
    )`;
}

/** Minutes of the stream that are over for longer than its camera's recordings are kept. */
export async function deleteOldMinutes(rows: Rows, streamId: string, now: Date): Promise<void> {
  await rows.$executeRaw`
    DELETE FROM segment_minutes AS kept USING cameras AS camera
    WHERE kept.stream_id = ${streamId}::uuid AND camera.stream_id = kept.stream_id
      AND kept.minute < ${now}::timestamptz - interval '1 minute'
                        - make_interval(secs => (camera.record_policy->>'maxAgeSeconds')::double precision)`;
}

export async function deleteMinutes(rows: Rows, streamId: string): Promise<void> {
  await rows.segmentMinute.deleteMany({ where: { streamId } });
}

export function listMinutes(rows: Rows, streamId: string, from: Date, to: Date, limit: number) {
  return rows.segmentMinute.findMany({
    where: { streamId, minute: { gte: from, lt: to } },
    orderBy: { minute: 'asc' },
    take: limit,
    select: { minute: true, segments: true },
  });
}
