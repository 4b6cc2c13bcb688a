import type { Actor, UserActor } from '#server/contracts/identity.ts';

/** Whether two looks at a credential found the same person, who may the same. */
export function isSameStanding(before: Actor, now: Actor): boolean {
  if (before.type !== 'user' || now.type !== 'user') return keyOf(before) === keyOf(now);
  return standingOf(before) === standingOf(now);
}

function keyOf(actor: Actor): string {
  return actor.type === 'guest' ? `guest ${actor.guestId}` : actor.type;
}

function standingOf({ userId, isOwner, viewedBy, scope, grants }: UserActor): string {
  const held = grants.map(
    ({ permissions, object }) => `${object ? `${object.type} ${object.id}` : ''}: ${permissions.toSorted().join(' ')}`,
  );
  return JSON.stringify([userId, isOwner, viewedBy, scope, held.toSorted()]);
}
