import { Prisma } from '#prisma/generated/client.ts';
import type { PictureRegion } from '#server/contracts/picture-region.ts';
import type { RemovalState } from '#server/contracts/removal.ts';
import type { Rows } from '#server/platform/db.ts';

const shape = {
  id: true,
  cameraId: true,
  kind: true,
  name: true,
  email: true,
  reason: true,
  regions: true,
  state: true,
  note: true,
  createdAt: true,
  decidedAt: true,
  camera: {
    select: {
      id: true,
      streamId: true,
      name: true,
      nameJa: true,
      place: true,
      placeJa: true,
      demo: true,
      withheldAt: true,
    },
  },
} satisfies Prisma.RemovalRequestSelect;
export type RemovalRow = Prisma.RemovalRequestGetPayload<{ select: typeof shape }>;

export function insertRequest(
  rows: Rows,
  request: Pick<RemovalRow, 'id' | 'cameraId' | 'kind' | 'name' | 'email' | 'reason' | 'createdAt'> & {
    regions: PictureRegion[];
  },
): Promise<RemovalRow> {
  return rows.removalRequest.create({ data: request, select: shape });
}

export function findRequest(rows: Rows, id: string): Promise<RemovalRow | null> {
  return rows.removalRequest.findUnique({ where: { id }, select: shape });
}

/** Open ones in the order they came; decided ones the latest decision first. */
export function listRequests(
  rows: Rows,
  which: 'open' | 'decided',
  page: { after: string | null; limit: number },
): Promise<RemovalRow[]> {
  return rows.removalRequest.findMany({
    where: { state: which === 'open' ? 'open' : { not: 'open' } },
    orderBy: which === 'open' ? [{ createdAt: 'asc' }, { id: 'asc' }] : [{ decidedAt: 'desc' }, { id: 'desc' }],
    take: page.limit,
    ...(page.after && { cursor: { id: page.after }, skip: 1 }),
    select: shape,
  });
}

export async function countByState(rows: Rows): Promise<Map<string, number>> {
  const groups = await rows.removalRequest.groupBy({ by: ['state'], _count: { _all: true } });
  return new Map(groups.map((group) => [group.state, group._count._all]));
}

/** Accepted requests for the camera besides this one: what they ask for stays when this one is opened again. */
export function listOtherAccepted(rows: Rows, request: { id: string; cameraId: string }) {
  return rows.removalRequest.findMany({
    where: { cameraId: request.cameraId, state: 'accepted', id: { not: request.id } },
    select: { kind: true, regions: true },
  });
}

/** Whether it stood as `from` says; else somebody else was faster. */
export async function changeState(
  rows: Rows,
  id: string,
  change: {
    from: RemovalState;
    to: RemovalState;
    note: string | null;
    decidedAt: Date | null;
    decidedBy: string | null;
  },
): Promise<boolean> {
  const { from, to, ...rest } = change;
  const { count } = await rows.removalRequest.updateMany({ where: { id, state: from }, data: { state: to, ...rest } });
  return count === 1;
}
