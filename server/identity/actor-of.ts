import type { Credential, Me, UserActor } from '#server/contracts/identity.ts';
import { userId } from '#server/contracts/ids.ts';
import { builtInRoles } from '#server/contracts/permissions.ts';

import type { PersonRow } from './store.ts';

interface Holding {
  credential: Credential;
  scope: UserActor['scope'];
  viewedBy: string | null;
}

/** A person as the one who is asking. */
export function userActor(person: PersonRow, { credential, scope, viewedBy }: Holding): UserActor {
  return {
    type: 'user',
    userId: userId.parse(person.id),
    credential,
    name: person.name,
    email: person.email,
    isOwner: person.roles.some((held) => held.roleId === 'owner' && held.objectId === null),
    grants: person.roles.map(({ roleId, role, objectType, objectId }) => ({
      permissions: [...permissionsOf(roleId, role.permissions)],
      object: objectType !== null && objectId !== null ? { type: objectType, id: objectId } : null,
    })),
    scope,
    viewedBy: viewedBy === null ? null : userId.parse(viewedBy),
  };
}

/** What a role holds: the built-in ones by the code, the others by their row. */
export function permissionsOf(roleId: string, stored: readonly string[]): readonly string[] {
  const builtIn: Partial<Record<string, readonly string[]>> = builtInRoles;
  return builtIn[roleId] ?? stored;
}

interface Asking {
  viewer?: { name: string } | null;
  scope?: UserActor['scope'];
}

/** A person as their own pages show them, and as whoever acts for them by a key or token that was narrowed. */
export function toMe(person: PersonRow, { viewer = null, scope = null }: Asking = {}): Me {
  const held = person.roles.filter((role) => role.objectId === null);
  return {
    id: userId.parse(person.id),
    name: person.name,
    userName: person.userName,
    email: person.email,
    emailConfirmed: person.emailConfirmedAt !== null,
    isOwner: held.some((role) => role.roleId === 'owner'),
    picture: person.picture === null ? null : `/pictures/${person.picture}`,
    locale: person.locale === 'en' || person.locale === 'ja' ? person.locale : null,
    timeZone: person.timeZone,
    permissions: withinScope(
      held.flatMap(({ roleId, role }) => permissionsOf(roleId, role.permissions)),
      scope,
    ),
    viewedBy: viewer?.name ?? null,
  };
}

/** For everything: of what is for single objects nothing is left. */
function withinScope(held: readonly string[], scope: UserActor['scope']): string[] {
  if (!scope) return [...new Set(held)].toSorted();
  if (scope.objects !== null) return [];
  const both = held.flatMap((pattern) => [
    ...scope.permissions.filter((word) => covers(pattern, word)),
    ...(scope.permissions.some((word) => covers(word, pattern)) ? [pattern] : []),
  ]);
  return [...new Set(both)].toSorted();
}

/** Whether the one pattern holds all that the other holds. */
function covers(wide: string, narrow: string): boolean {
  return wide === '*' || wide === narrow || (wide.endsWith(':*') && narrow.startsWith(wide.slice(0, -1)));
}
