import { z } from 'zod';

import { displayName, emailAddress, objectReference } from './identity.ts';
import { userId } from './ids.ts';
import { pageInput } from './page.ts';
import { permission, permissionPattern } from './permissions.ts';

/** `night-shift`. */
export const roleId = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/);

export const roleView = z.object({
  id: roleId,
  name: z.string(),
  nameJa: z.string().nullable(),
  permissions: z.array(z.string()),
  builtIn: z.boolean(),
  /** People who hold it. */
  people: z.int(),
});
export type RoleView = z.infer<typeof roleView>;

export const roleInput = z.strictObject({
  id: roleId,
  name: displayName,
  nameJa: displayName.nullable().optional(),
  permissions: z.array(permissionPattern).max(100),
});

/** What roles are made of. */
export const permissionCatalogue = z.object({
  permissions: z.array(permission),
  /** Held by whoever made a thing, over it. */
  owners: z.array(permission),
  /** Held by everybody, over what is public. */
  everybodys: z.array(permission),
  /** Types of things that a role can be given for. */
  objectTypes: z.array(z.string()),
});

export const heldRole = z.object({
  id: z.uuid(),
  roleId,
  object: objectReference.nullable(),
  grantedAt: z.iso.datetime(),
});

/** A person as an admin sees them. */
export const userRow = z.object({
  id: userId,
  email: z.string(),
  emailConfirmed: z.boolean(),
  name: z.string(),
  userName: z.string(),
  picture: z.string().nullable(),
  roles: z.array(heldRole),
  lockedAt: z.iso.datetime().nullable(),
  lockedReason: z.string().nullable(),
  secondFactor: z.boolean(),
  passkeys: z.int(),
  sessions: z.int(),
  lastSignInAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type UserRow = z.infer<typeof userRow>;

export const userQuery = pageInput.extend({
  /** In name, user name and e-mail. */
  query: z.string().trim().max(200).optional(),
  role: roleId.optional(),
  locked: z.boolean().optional(),
});

export const grantInput = z.strictObject({ userId, roleId, object: objectReference.strict().nullable().default(null) });

export const invitationInput = z.strictObject({
  email: emailAddress.nullable().default(null),
  roleIds: z.array(roleId).max(20).default([]),
  /** Hours. */
  validFor: z
    .int()
    .min(1)
    .max(24 * 30)
    .default(24 * 7),
});
export const invitationRow = z.object({
  id: z.uuid(),
  email: z.string().nullable(),
  roleIds: z.array(z.string()),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  state: z.enum(['open', 'used', 'revoked', 'expired']),
  usedBy: z.string().nullable(),
});
export type InvitationRow = z.infer<typeof invitationRow>;

/** The link is shown once. */
export const invitationMade = z.object({ invitation: invitationRow, link: z.string() });

/** An API key without its secret. */
export const keyView = z.object({
  id: z.uuid(),
  name: z.string(),
  /** `sns_a1b2c3d4`: what a search finds it by. */
  prefix: z.string(),
  owner: z.object({ id: userId, name: z.string() }),
  permissions: z.array(z.string()),
  objects: z.array(objectReference).nullable(),
  rateFactor: z.int(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  lastUsedIp: z.string().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type KeyView = z.infer<typeof keyView>;

export const keyInput = z.strictObject({
  name: displayName,
  permissions: z.array(permissionPattern).min(1).max(100),
  objects: z.array(objectReference.strict()).min(1).max(200).nullable().default(null),
  expiresAt: z.iso.datetime().nullable().default(null),
});
/** Shown once. */
export const keyMade = z.object({ key: keyView, secret: z.string() });

/** Who waits because of failed tries to sign in. */
export const lockRow = z.object({
  key: z.string(),
  failures: z.int(),
  lastAt: z.iso.datetime(),
  lockedUntil: z.iso.datetime().nullable(),
});

/** A client that came up against a limit of requests in this gateway. */
export const limitRow = z.object({
  limit: z.string(),
  /** `ip:…` a network, `user:…` a person, `key:…` a key, `keys:…` all keys of a person together. */
  client: z.string(),
  /** What the person or the key is called; null: a network, or gone. */
  name: z.string().nullable(),
  refused: z.int(),
  lastAt: z.iso.datetime(),
  resetsAt: z.iso.datetime(),
});

export const auditQuery = pageInput.extend({
  actorId: z.string().max(100).optional(),
  action: z.string().max(100).optional(),
  objectType: z.string().max(40).optional(),
  objectId: z.string().max(100).optional(),
  outcome: z.enum(['done', 'refused']).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});
export const auditRow = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  actor: z.object({ type: z.string(), id: z.string().nullable(), name: z.string().nullable() }),
  via: z.object({ kind: z.string(), id: z.string().nullable() }).nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string().nullable(),
  action: z.string(),
  outcome: z.enum(['done', 'refused']),
  object: objectReference.nullable(),
  before: z.unknown(),
  after: z.unknown(),
  details: z.unknown(),
});
export type AuditRow = z.infer<typeof auditRow>;
/** What walking a part of the chain found; `brokenAt`: the first entry that does not fit. */
/** What a thing is called that the audit log names by its id. */
const objectName = objectReference.extend({
  name: z.string(),
  nameJa: z.string().nullable(),
  /** Its list finds it by this, where the id alone does not lead to it. */
  search: z.string().nullable(),
});
export type ObjectName = z.infer<typeof objectName>;
export const objectNames = z.array(objectName);
export const objectNamesInput = z.object({ objects: z.array(objectReference).min(1).max(100) });

export const auditCheck = z.object({
  /** Walked in this call. */
  entries: z.int(),
  whole: z.boolean(),
  brokenAt: z.int().nullable(),
  /** Where the next call goes on; null: walked to the end, or broken. */
  nextFrom: z.int().nullable(),
  /** Hash of the last entry that fits, hex: kept elsewhere, it shows later that nothing before it was cut off or written anew. */
  head: z.string(),
  durationMs: z.number(),
});

/** Choices of the operator about people and doors. */
export const houseSettings = z.object({
  signUp: z.enum(['open', 'invitation', 'closed']),
  /** Given to who signs up without an invitation. */
  signUpRole: roleId.nullable(),
  /** Origins whose pages may show ours in a frame, `https://example.org`. */
  embedOrigins: z.array(z.url({ protocol: /^https?$/, hostname: /^[^*]+$/ }).max(200)).max(50),
});
export type HouseSettings = z.infer<typeof houseSettings>;
