import type { Visibility } from '#server/contracts/camera.ts';
import type { Actor } from '#server/contracts/identity.ts';

/** `noun:verb`; reading is `:view`. */
export type Permission =
  | 'camera:view'
  | 'camera:create'
  | 'camera:update'
  | 'camera:delete'
  | 'camera:diagnose'
  | 'removal:decide'
  | 'system:view';

/** What a permission is asked for; its domain passes it, identity reads no other tables. */
export interface Subject {
  ownerId: string | null;
  visibility: Visibility;
}

/** Whether `actor` may. Without a subject: whether they may for any. */
export function isAllowed(actor: Actor, permission: Permission, subject?: Subject): boolean {
  if (actor.type === 'system') return true;
  if (actor.type === 'user' && actor.isOwner) return true;
  // Roles come with a later room: until then everybody else only looks.
  if (permission !== 'camera:view' || !subject) return false;
  if (actor.type === 'user' && subject.ownerId === actor.userId) return true;
  switch (subject.visibility) {
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
