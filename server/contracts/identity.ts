import { z } from 'zod';

import { userId } from './ids.ts';

/** Who is asking. Sidecars and the house itself are `system`. */
export const actor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('anonymous') }),
  z.object({
    type: z.literal('user'),
    userId,
    sessionId: z.uuid(),
    name: z.string(),
    email: z.string(),
    isOwner: z.boolean(),
  }),
  z.object({ type: z.literal('system') }),
]);
export type Actor = z.infer<typeof actor>;

/** Twelve characters or more, as NIST SP 800-63B-4 asks of a password alone; no composition rules. */
export const password = z.string().min(12).max(256);

export const ownerClaimInput = z.object({
  token: z.string().min(20).max(200),
  name: z.string().trim().min(1).max(100),
  email: z.email().max(254),
  password,
});
export type OwnerClaimInput = z.infer<typeof ownerClaimInput>;

export const signInInput = z.object({ email: z.email().max(254), password: z.string().min(1).max(256) });
export type SignInInput = z.infer<typeof signInInput>;

/** The signed-in person as the pages show it. */
export const me = z.object({ id: userId, name: z.string(), email: z.string(), isOwner: z.boolean() });
export type Me = z.infer<typeof me>;
