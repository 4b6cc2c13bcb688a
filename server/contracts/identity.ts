import { z } from 'zod';

import { userId } from './ids.ts';

/** One thing that a permission can be given for. */
export const objectReference = z.object({ type: z.string().min(1).max(40), id: z.string().min(1).max(100) });
export type ObjectReference = z.infer<typeof objectReference>;

/** What a role gives somebody: for everything, or for one object. */
const grant = z.object({ permissions: z.array(z.string()), object: objectReference.nullable() });

/** Narrower than its person: a key or token may what this and the person's roles both allow. `objects` null: every object. */
const scope = z.object({ permissions: z.array(z.string()), objects: z.array(objectReference).nullable() });

/** What proved who is asking: a browser's session, an API key, or an access token (its family). */
const credential = z.object({ kind: z.enum(['session', 'key', 'token']), id: z.uuid() });
export type Credential = z.infer<typeof credential>;

/** Who is asking. Sidecars and the house itself are `system`. */
export const actor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('anonymous') }),
  /** A signed, short-lived name, for watching and for meetings by link. Holds nothing but what is public. */
  z.object({ type: z.literal('guest'), guestId: z.uuid(), name: z.string() }),
  z.object({
    type: z.literal('user'),
    userId,
    credential,
    name: z.string(),
    email: z.string(),
    /** Holds the role `owner`. */
    isOwner: z.boolean(),
    grants: z.array(grant),
    /** Null: all that the person may. */
    scope: scope.nullable(),
    /** An admin looks at the house as this person: nothing may be written. */
    viewedBy: userId.nullable(),
  }),
  z.object({ type: z.literal('system') }),
]);
export type Actor = z.infer<typeof actor>;
export type UserActor = Extract<Actor, { type: 'user' }>;

/** Twelve characters or more, as NIST SP 800-63B-4 asks of a password alone; no composition rules. */
export const password = z.string().min(12).max(256);

export const emailAddress = z.email().max(254);

/** Their address among people. */
export const userName = z
  .string()
  .trim()
  .min(2)
  .max(50)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u);

/** No control characters, line ends or marks that turn the direction of writing: names stand in mails, logs and lists. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+$/u);

export const ownerClaimInput = z.strictObject({
  token: z.string().min(20).max(200),
  name: displayName,
  email: emailAddress,
  password,
});
export type OwnerClaimInput = z.infer<typeof ownerClaimInput>;

/** The second factor's six digits, or a recovery code; asked for by `UNAUTHENTICATED` with `details.reason: 'secondFactor'`. */
export const secondFactorCode = z.string().trim().min(6).max(20);

export const signInInput = z.object({
  /** Or the user name, which holds no `@`. */
  email: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(256),
  code: secondFactorCode.optional(),
});
export type SignInInput = z.infer<typeof signInInput>;

/** What a browser that signs in brought along: the cookie by which it is known again. */
export const knownBrowser = z.object({ device: z.string().max(2000).optional() });

/** The signed-in person as the pages show it. */
export const me = z.object({
  id: userId,
  name: z.string(),
  userName: z.string(),
  email: z.string(),
  emailConfirmed: z.boolean(),
  isOwner: z.boolean(),
  /** Address of their picture; null: none. */
  picture: z.string().nullable(),
  /** Chosen for their pages; null: as the browser has it. */
  locale: z.enum(['en', 'ja']).nullable(),
  timeZone: z.string().nullable(),
  /** Patterns they hold for everything, within what the key or token was narrowed to: what pages show and hide by. The server decides anew at each call. */
  permissions: z.array(z.string()),
  /** Name of the admin who looks at the house as this person. */
  viewedBy: z.string().nullable(),
});
export type Me = z.infer<typeof me>;
