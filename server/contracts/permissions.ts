import { z } from 'zod';

import type { Visibility } from './camera.ts';

/** Everything that can be allowed, as `noun:verb`; reading is `:view`. Domains that come later add their words here. */
const permissions = [
  'camera:view',
  /** Add, change, delete, try out. */
  'camera:write',
  'feed:view',
  'feed:write',
  'removal:decide',
  'channel:create',
  'stream:view',
  'stream:publish',
  'recording:view',
  'recording:erase',
  'analysis:view',
  'analysis:execute',
  'pipeline:view',
  'pipeline:execute',
  'pipeline:write',
  'product:search',
  'product:write',
  'inspection:view',
  'inspection:create',
  'inspection:review',
  'webhook:view',
  'webhook:write',
  'settings:write',
  'system:view',
  'system:metrics',
  /** People, their sessions, invitations, locks. */
  'user:view',
  'user:admin',
  /** Roles themselves, and who holds them. */
  'role:admin',
  /** Keys of other people. */
  'key:admin',
  'audit:view',
  /** Mail and what else waits to go out. */
  'outbox:view',
  'outbox:write',
] as const;
export const permission = z.enum(permissions);
export type Permission = z.infer<typeof permission>;

/** What a role or a key may hold: a permission, every verb of a noun (`camera:*`), or everything (`*`). */
export const permissionPattern = z.union([
  permission,
  z.literal('*'),
  z.templateLiteral([z.enum([...new Set(permissions.map((word) => word.slice(0, word.indexOf(':'))))]), ':*']),
]);
export type PermissionPattern = z.infer<typeof permissionPattern>;

/**
 * The roles that are always there. admin, operator and viewer hold at least what the requirements of the inspection product (§6.1.2) give them.
 * An owner holds what an admin holds, and alone makes and unmakes owners.
 */
export const builtInRoles = {
  owner: ['*'],
  admin: ['*'],
  operator: [
    'camera:view',
    'camera:write',
    'feed:view',
    'feed:write',
    'removal:decide',
    'stream:view',
    'stream:publish',
    'recording:view',
    'analysis:view',
    'analysis:execute',
    'pipeline:view',
    'pipeline:execute',
    'product:search',
    'inspection:view',
    'inspection:create',
    'system:view',
  ],
  creator: ['channel:create'],
  viewer: [
    'camera:view',
    'stream:view',
    'recording:view',
    'analysis:view',
    'pipeline:view',
    'product:search',
    'inspection:view',
  ],
  agent: [
    'camera:view',
    'stream:view',
    'recording:view',
    'analysis:view',
    'analysis:execute',
    'pipeline:view',
    'pipeline:execute',
    'product:search',
    'inspection:view',
    'inspection:create',
  ],
} as const satisfies Record<string, readonly PermissionPattern[]>;

/** Permissions that whoever made a thing has over it, as long as their account is not locked. */
export const ownersPermissions: readonly Permission[] = [
  'camera:view',
  'camera:write',
  'stream:view',
  'stream:publish',
  'recording:view',
  'recording:erase',
];

/** What every caller has, signed in or not, over what is public. */
export const everybodysPermissions: readonly Permission[] = [
  'camera:view',
  'stream:view',
  'recording:view',
  'feed:view',
];

/** Who a procedure is for: whoever holds a permission; `account`: each person over what is their own; `public`: anybody, and it says why. */
export const procedureAccess = z.union([permission, z.literal('account'), z.literal('public')]);
export type ProcedureAccess = z.infer<typeof procedureAccess>;

/** What of one type somebody may, told without looking at each: for lists. */
export interface Reach {
  /** Null: not narrowed. Else only these, whatever the rest says: a key for some objects. */
  within: readonly string[] | null;
  /** Every one of them. */
  everything: boolean;
  /** All of these visibilities, whoever made them. */
  visibilities: readonly Visibility[];
  /** All that this person made. */
  ownerId: string | null;
  /** These as well: granted one by one. */
  ids: readonly string[];
}
