import type { ObjectName } from '#server/contracts/access.ts';
import type { Actor, ObjectReference } from '#server/contracts/identity.ts';
import { isId } from '#server/contracts/ids.ts';
import type { Database } from '#server/platform/transaction.ts';

import { authorize } from './standing.ts';
import * as store from './store.ts';

/** What identity's own things are called that the audit log names by their ids; what is gone is left out. */
export async function namesOf(
  database: Database,
  actor: Actor,
  objects: readonly ObjectReference[],
): Promise<ObjectName[]> {
  authorize(actor, 'audit:view');
  const idsOf = (type: string) => [...new Set(objects.filter((one) => one.type === type).map(({ id }) => id))];
  const found = await store.listNames(database, {
    users: idsOf('user').filter(isId),
    keys: idsOf('key').filter(isId),
    roles: idsOf('role'),
  });
  return [
    ...found.people.map(({ id, name }) => ({ type: 'user', id, name, nameJa: null, search: null })),
    ...found.apiKeys.map(({ id, name, prefix }) => ({ type: 'key', id, name, nameJa: null, search: prefix })),
    ...found.roles.map(({ id, name, nameJa }) => ({ type: 'role', id, name, nameJa, search: null })),
  ];
}

/** What people and keys are called that limits count, by the name that they are counted as. */
export async function clientNames(database: Database, clients: readonly string[]): Promise<Map<string, string>> {
  const idsOf = (...kinds: string[]) =>
    clients.flatMap((client) => {
      const [kind = '', id = ''] = client.split(':');
      return kinds.includes(kind) && isId(id) ? [id] : [];
    });
  const { people, apiKeys } = await store.listNames(database, {
    users: [...new Set(idsOf('user', 'keys'))],
    keys: idsOf('key'),
    roles: [],
  });
  return new Map([
    ...people.flatMap(({ id, name }) => [[`user:${id}`, name] as const, [`keys:${id}`, name] as const]),
    ...apiKeys.map(({ id, name }) => [`key:${id}`, name] as const),
  ]);
}
