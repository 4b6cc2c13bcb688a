import type { Actor, ObjectReference, UserActor } from '#server/contracts/identity.ts';
import { permission as words, type Permission } from '#server/contracts/permissions.ts';
import { AppError } from '#server/platform/app-error.ts';

import { permissionsOf } from '../actor-of.ts';
import { holds, isAllowed } from '../permissions.ts';

/** Throws where `actor` does not hold a permission for everything. */
export function authorize(actor: Actor, permission: Permission): asserts actor is UserActor {
  if (actor.type === 'user' && isAllowed(actor, permission)) return;
  throw new AppError(actor.type === 'user' ? 'FORBIDDEN' : 'UNAUTHENTICATED', {
    message: `${permission} is not granted`,
  });
}

/** Whether `actor` themselves may all that the patterns allow: for everything, or for the one object. */
export function holdsAll(actor: Actor, patterns: readonly string[], object: ObjectReference | null = null): boolean {
  if (actor.type !== 'user') return false;
  // Words that come later belong to `*` as well: only who has all of them gives all of them.
  if (patterns.includes('*')) return hasEverything(actor);
  const subject = object && { ...object, ownerId: null, visibility: 'private' as const };
  return words.options.every((word) => !holds(patterns, word) || isAllowed(actor, word, subject ?? undefined));
}

function hasEverything(actor: UserActor): boolean {
  const inScope = !actor.scope || (actor.scope.permissions.includes('*') && actor.scope.objects === null);
  const isGranted = actor.grants.some((grant) => grant.object === null && grant.permissions.includes('*'));
  return inScope && (actor.isOwner || isGranted);
}

/** What somebody holds, as rows say it. */
export interface Standing {
  roles: readonly {
    roleId: string;
    objectType: string | null;
    objectId: string | null;
    role: { permissions: string[] };
  }[];
}

export const isOwner = ({ roles }: Standing): boolean =>
  roles.some((held) => held.roleId === 'owner' && held.objectId === null);

/** Whether `actor` is at least what the other is: nobody acts on a person who stands above them. */
export function standsAbove(actor: Actor, other: Standing): boolean {
  if (isOwner(other) && !(actor.type === 'user' && actor.isOwner)) return false;
  return other.roles.every(({ roleId, role, objectType, objectId }) => {
    const object = objectType !== null && objectId !== null ? { type: objectType, id: objectId } : null;
    return holdsAll(actor, permissionsOf(roleId, role.permissions), object);
  });
}

/** Whether a look that `admin` began may go on. Asked again at each call: either of them may have changed since. */
export function mayLookAs(admin: UserActor, viewed: UserActor): boolean {
  return (
    viewed.viewedBy === admin.userId &&
    isAllowed(admin, 'user:admin') &&
    (admin.isOwner || !viewed.isOwner) &&
    viewed.grants.every(({ permissions, object }) => holdsAll(admin, permissions, object))
  );
}
