import { objectNames, objectNamesInput, type ObjectName } from '#server/contracts/access.ts';
import type { Actor, ObjectReference } from '#server/contracts/identity.ts';
import { isId } from '#server/contracts/ids.ts';
import { permitted, router } from '#server/platform/trpc.ts';

import type { House } from './house.ts';

type Rooms = Pick<House, 'access' | 'identity' | 'sources' | 'webhooks'>;

/** What things of all domains are called, for whoever reads of them in the audit log by their ids. */
export function createObjectsRouter(house: Rooms) {
  return router({
    /** Of those that still exist and that the reader may see. */
    names: permitted('audit:view')
      .input(objectNamesInput)
      .output(objectNames)
      .query(async ({ ctx, input }) =>
        (
          await Promise.all([
            house.access.names(ctx.actor, input.objects),
            camerasAmong(house, ctx.actor, input.objects),
            webhooksAmong(house, ctx.actor, input.objects),
          ])
        ).flat(),
      ),
  });
}

const idsAmong = (objects: readonly ObjectReference[], type: string) => [
  ...new Set(objects.filter((one) => one.type === type && isId(one.id)).map(({ id }) => id)),
];

async function camerasAmong(
  { sources }: Rooms,
  actor: Actor,
  objects: readonly ObjectReference[],
): Promise<ObjectName[]> {
  const ids = idsAmong(objects, 'camera');
  if (ids.length === 0) return [];
  const found = await sources.names(actor, ids);
  return found.map(({ id, name, nameJa }) => ({ type: 'camera', id, name, nameJa, search: null }));
}

async function webhooksAmong(
  { identity, webhooks }: Rooms,
  actor: Actor,
  objects: readonly ObjectReference[],
): Promise<ObjectName[]> {
  const ids = idsAmong(objects, 'webhook');
  if (ids.length === 0 || !identity.isAllowed(actor, 'webhook:view')) return [];
  return (await webhooks.list(actor))
    .filter(({ id }) => ids.includes(id))
    .map(({ id, url, description }) => ({
      type: 'webhook',
      id,
      name: description || new URL(url).host,
      nameJa: null,
      search: null,
    }));
}
