import { z } from 'zod';

import { emailAddress, password, secondFactorCode, userName } from './identity.ts';
import { streamId, userId } from './ids.ts';
import { pageInput } from './page.ts';

/** OAuth2's names (RFC 6749 §5.1), at `/login`, `/signup` and `/api/v1/auth/*`. */
export const tokenAnswer = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int(),
  scope: z.string().optional(),
});
export type TokenAnswer = z.infer<typeof tokenAnswer>;

/** JSON, or OAuth2's form (`grant_type=password`, RFC 6749 §4.3.2). `username` is the e-mail address or the user name. */
export const loginInput = z.object({
  grant_type: z.literal('password').optional(),
  username: z.string().min(1).max(254).optional(),
  email: emailAddress.optional(),
  password: z.string().min(1).max(256),
  code: secondFactorCode.optional(),
  /** Patterns of permissions, with spaces between; left out: all that the person may. */
  scope: z.string().max(2000).optional(),
});
export const refreshInput = z.object({
  grant_type: z.literal('refresh_token').optional(),
  refresh_token: z.string().min(20).max(500),
});
export const registerInput = z.strictObject({
  email: emailAddress,
  password,
  username: userName.optional(),
  name: z.string().trim().min(1).max(100).optional(),
  invitation: z.string().min(20).max(200).optional(),
});
/** With tokens where the account can be used at once; else its address is confirmed first, by the link in a mail. */
export const registerAnswer = tokenAnswer.partial().extend({ status: z.enum(['made', 'checkMail']) });

/** With `email`: asks for a link. With `token` and `password`: sets the new one. */
export const passwordResetInput = z
  .strictObject({
    email: emailAddress.optional(),
    token: z.string().min(20).max(200).optional(),
    password: password.optional(),
  })
  .refine(
    (given) => (given.email === undefined) === (given.token !== undefined && given.password !== undefined),
    'either email, or token and password',
  );
export const passwordResetAnswer = z.object({ status: z.enum(['sent', 'changed']) });

/** Lets one WebSocket in, once, within 30 s. */
export const wsTicket = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() });

/** What a player that is not our page opens; HS256 by the install's secret. */
export const playbackInput = z.strictObject({
  streamId,
  /** `view`: a minute, renewed by a player. `foreign`: for players that can't renew, up to twelve hours; ends with its person's rights all the same. */
  purpose: z.enum(['view', 'foreign']).default('view'),
});
export const playbackToken = z.object({
  token: z.string(),
  /** `/media/~{token}/{streamId}/index.m3u8`. */
  path: z.string(),
  expiresAt: z.iso.datetime(),
});

/** Whose API keys: one's own, or with `key:admin` a person's or everybody's. */
export const keyQuery = pageInput.extend({
  /** The beginning of what the key shows of itself, `sns_a1b2`. */
  prefix: z.string().trim().max(20).optional(),
  userId: userId.optional(),
  everybody: z.boolean().default(false),
});

/** An access token, a refresh token or an API key, by whoever holds it (RFC 7009). */
export const revokeInput = z.object({
  token: z.string().min(20).max(8192),
  token_type_hint: z.string().max(40).optional(),
});
/** Says nothing of whether there was such a token. */
export const revokeAnswer = z.object({ status: z.literal('revoked') });

/** One sign-in of a machine, for as long as it refreshes. */
export const machineSession = z.object({
  id: z.uuid(),
  current: z.boolean(),
  /** Patterns it was narrowed to; null: all that the person may. */
  scope: z.array(z.string()).nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
});
export type MachineSession = z.infer<typeof machineSession>;

/** What lies in a playback token (JWT, HS256 by the install's secret), under this audience. */
export const playbackAudience = 'playback';
export const playbackClaims = z.object({
  stream: streamId,
  /** Seconds since 1970. */
  iat: z.int(),
  exp: z.int(),
});
/**
 * A slicer asks nobody whether who was given a token still may: what it takes may not last longer than a revoked person's player may go on. The
 * gateway makes such tokens for itself, towards slicers on other machines; their own audience keeps them and people's tokens apart.
 */
export const slicerAudience = 'slicer';
export const slicerTokenSeconds = 15;

/** On what the gateway asks of a slicer: whoever asks may see the present alone, so what has left the live window is refused. */
export const liveOnlyHeader = 'x-live-only';
