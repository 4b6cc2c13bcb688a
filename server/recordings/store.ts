import type { SegmentRow } from '#server/contracts/sidecar.ts';
import type { Rows } from '#server/platform/db.ts';

export async function writeMinute(
  rows: Rows,
  minute: { streamId: string; minute: Date; segments: SegmentRow[] },
): Promise<void> {
  const { streamId, segments } = minute;
  // A minute is told again as it grows: the later telling has all of it.
  await rows.segmentMinute.upsert({
    where: { streamId_minute: { streamId, minute: minute.minute } },
    create: { streamId, minute: minute.minute, segments },
    update: { segments },
    select: { streamId: true },
  });
}

export function listMinutes(rows: Rows, streamId: string, from: Date, to: Date, limit: number) {
  return rows.segmentMinute.findMany({
    where: { streamId, minute: { gte: from, lt: to } },
    orderBy: { minute: 'asc' },
    take: limit,
    select: { minute: true, segments: true },
  });
}
