import type { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

const shape = {
  id: true,
  ownerId: true,
  url: true,
  description: true,
  events: true,
  enabled: true,
  previousUntil: true,
  createdAt: true,
} satisfies Prisma.WebhookEndpointSelect;
export type EndpointRow = Prisma.WebhookEndpointGetPayload<{ select: typeof shape }>;

export function list(rows: Rows): Promise<EndpointRow[]> {
  return rows.webhookEndpoint.findMany({ orderBy: { id: 'asc' }, select: shape });
}

export function count(rows: Rows): Promise<number> {
  return rows.webhookEndpoint.count();
}

export function find(rows: Rows, id: string): Promise<EndpointRow | null> {
  return rows.webhookEndpoint.findUnique({ where: { id }, select: shape });
}

export function findSecrets(rows: Rows, id: string) {
  return rows.webhookEndpoint.findUnique({
    where: { id },
    select: { ...shape, sealedSecret: true, sealedPreviousSecret: true },
  });
}

export function insert(
  rows: Rows,
  data: Pick<EndpointRow, 'id' | 'ownerId' | 'url' | 'description' | 'events' | 'enabled'> & {
    sealedSecret: Uint8Array<ArrayBuffer>;
  },
): Promise<EndpointRow> {
  return rows.webhookEndpoint.create({ data, select: shape });
}

export function update(
  rows: Rows,
  id: string,
  data: Pick<EndpointRow, 'url' | 'description' | 'events' | 'enabled'>,
): Promise<EndpointRow> {
  return rows.webhookEndpoint.update({ where: { id }, data, select: shape });
}

export async function disable(rows: Rows, id: string): Promise<void> {
  await rows.webhookEndpoint.updateMany({ where: { id }, data: { enabled: false } });
}

/** The secret of now goes on signing until `previousUntil`. */
export function replaceSecret(
  rows: Rows,
  id: string,
  data: {
    sealedSecret: Uint8Array<ArrayBuffer>;
    sealedPreviousSecret: Uint8Array<ArrayBuffer>;
    previousUntil: Date;
  },
): Promise<EndpointRow> {
  return rows.webhookEndpoint.update({ where: { id }, data, select: shape });
}

export async function remove(rows: Rows, id: string): Promise<void> {
  await rows.webhookEndpoint.deleteMany({ where: { id } });
  // What waits for it has nowhere to go.
  await rows.outboxItem.deleteMany({
    where: { kind: 'webhook', state: 'pending', summary: { path: ['endpointId'], equals: id } },
  });
}

/** Deliveries of each endpoint since a moment, by how they ended. */
export function countDeliveries(
  rows: Rows,
  since: Date,
): Promise<{ endpointId: string; state: string; count: number }[]> {
  return rows.$queryRaw`
    SELECT summary->>'endpointId' AS "endpointId", state, count(*)::int AS count
    FROM outbox WHERE kind = 'webhook' AND created_at >= ${since} GROUP BY 1, 2`;
}

/** Ids of what was given up for an endpoint. */
export async function listDead(rows: Rows, endpointId: string, limit: number): Promise<string[]> {
  const found = await rows.outboxItem.findMany({
    where: { kind: 'webhook', state: 'dead', summary: { path: ['endpointId'], equals: endpointId } },
    orderBy: { id: 'asc' },
    take: limit,
    select: { id: true },
  });
  return found.map(({ id }) => id);
}
