import { visibility, type Visibility } from '#server/contracts/camera.ts';
import type { Actor, ObjectReference, UserActor } from '#server/contracts/identity.ts';
import {
  everybodysPermissions,
  ownersPermissions,
  permission as words,
  type Permission,
  type Reach,
} from '#server/contracts/permissions.ts';

/** What a permission is asked for; its domain passes it, identity reads no other tables. `id` null: a thing of this kind that is not there yet. */
export interface Subject {
  type: string;
  id: string | null;
  ownerId: string | null;
  visibility: Visibility;
  /** What it belongs to: a grant for one of these holds for it too. */
  parents?: readonly ObjectReference[];
}

/** Whether `actor` may. Without a subject: whether they may for every object. The one place where this is decided. */
export function isAllowed(actor: Actor, permission: Permission, subject?: Subject): boolean {
  switch (actor.type) {
    case 'system':
      return true;
    case 'anonymous':
    case 'guest':
      return isOpenTo(actor, permission, subject?.visibility);
    case 'user':
      return (
        isInScope(actor, permission, subject) &&
        (isGranted(actor, permission, subject) || isOpenTo(actor, permission, subject?.visibility))
      );
  }
}

/** Whether `actor` may for anything at all: what a door asks before a service looks at the object. */
export function isAllowedSomewhere(actor: Actor, permission: Permission): boolean {
  if (actor.type === 'system') return true;
  if (everybodysPermissions.includes(permission)) return actor.type !== 'user' || holdsInScope(actor, permission);
  if (actor.type !== 'user' || !holdsInScope(actor, permission)) return false;
  return (
    actor.isOwner ||
    ownersPermissions.includes(permission) ||
    actor.grants.some((grant) => holds(grant.permissions, permission))
  );
}

/** Whether a set of patterns (`camera:write`, `camera:*`, `*`) holds a permission. */
export function holds(patterns: readonly string[], permission: Permission): boolean {
  const wholeNoun = patternOfNoun[permission];
  // Asked at every call, often for each row of a list: nothing is allocated on the way.
  for (const pattern of patterns) if (pattern === '*' || pattern === permission || pattern === wholeNoun) return true;
  return false;
}

/** Says in one piece what `isAllowed` says of each object of a type. For types whose things belong to nothing larger. */
export function reachOf(actor: Actor, permission: Permission, type: string): Reach {
  const visibilities = openVisibilities(actor, permission);
  if (actor.type === 'system') return { ...nothing, everything: true };
  if (actor.type !== 'user') return { ...nothing, visibilities };
  if (!holdsInScope(actor, permission)) return nothing;
  const ofType = (object: ObjectReference) => (object.type === type ? [object.id] : []);
  const within = actor.scope?.objects?.flatMap(ofType) ?? null;
  const held = actor.grants.filter((grant) => holds(grant.permissions, permission));
  if (actor.isOwner || held.some((grant) => grant.object === null)) return { ...nothing, within, everything: true };
  return {
    within,
    everything: false,
    visibilities,
    ownerId: ownersPermissions.includes(permission) ? actor.userId : null,
    ids: [...new Set(held.flatMap(({ object }) => (object ? ofType(object) : [])))].toSorted(),
  };
}

const nothing: Reach = { within: null, everything: false, visibilities: [], ownerId: null, ids: [] };

const patternOfNoun = Object.fromEntries(words.options.map((word) => [word, `${word.slice(0, word.indexOf(':'))}:*`]));

function openVisibilities(actor: Actor, permission: Permission): Visibility[] {
  return visibility.options.filter((value) => isOpenTo(actor, permission, value));
}

function isGranted(actor: UserActor, permission: Permission, subject: Subject | undefined): boolean {
  if (actor.isOwner) return true;
  if (subject?.ownerId === actor.userId && ownersPermissions.includes(permission)) return true;
  for (const { permissions, object } of actor.grants)
    if (holds(permissions, permission) && (object === null || (subject !== undefined && isOrIsIn(subject, object))))
      return true;
  return false;
}

/** Reading what is shown to everybody, or to everybody signed in. */
function isOpenTo(actor: Actor, permission: Permission, shown: Visibility | undefined): boolean {
  if (shown === undefined || !everybodysPermissions.includes(permission)) return false;
  switch (shown) {
    case 'public':
    case 'unlisted':
      return true;
    case 'members':
      return actor.type === 'user';
    case 'followers':
    case 'password':
    case 'list':
    case 'private':
      return false;
  }
}

function isInScope(actor: UserActor, permission: Permission, subject: Subject | undefined): boolean {
  if (!actor.scope) return true;
  if (!holds(actor.scope.permissions, permission)) return false;
  const { objects } = actor.scope;
  if (objects === null) return true;
  if (subject === undefined) return false;
  for (const object of objects) if (isOrIsIn(subject, object)) return true;
  return false;
}

function holdsInScope(actor: UserActor, permission: Permission): boolean {
  return !actor.scope || holds(actor.scope.permissions, permission);
}

function isOrIsIn(subject: Subject, object: ObjectReference): boolean {
  if (subject.type === object.type && subject.id === object.id) return true;
  if (subject.parents)
    for (const parent of subject.parents) if (parent.type === object.type && parent.id === object.id) return true;
  return false;
}
