import { z } from 'zod';

import { displayName, emailAddress, me, objectReference, password, secondFactorCode, userName } from './identity.ts';

/** Who may make an account: anybody, who was invited, or nobody. */
export const signUpMode = z.enum(['open', 'invitation', 'closed']);

/** What the pages of signing in and up offer. */
export const entranceState = z.object({
  signUp: signUpMode,
  /** Name of the OIDC provider that the operator set; null: none. */
  oidc: z.object({ name: z.string() }).nullable(),
  /** Browsers allow passkeys on localhost and over TLS alone. */
  passkeys: z.boolean(),
  /** Mail leaves the house; else the admin hands links over. */
  mail: z.boolean(),
});

export const signUpInput = z.strictObject({
  email: emailAddress,
  password,
  name: displayName,
  userName: userName.optional(),
  /** Of a link of invitation. */
  invitation: z.string().min(20).max(200).optional(),
  locale: z.enum(['en', 'ja']).optional(),
});
export type SignUpInput = z.infer<typeof signUpInput>;

/**
 * `made`: they can sign in. `checkMail`: a link was sent to the address; said alike where it has an account, so that nobody learns who has one.
 * Where no mail leaves the house nothing can be sent: there a taken address is told by `CONFLICT`.
 */
export const signUpAnswer = z.object({ status: z.enum(['made', 'checkMail']) });
export type SignUpAnswer = z.infer<typeof signUpAnswer>;

/** Said alike whoever has the address. */
export const linkSent = z.object({ status: z.literal('sent') });

/** Pages that mails lead to. The token stands behind `#`, where neither logs nor other sites see it: `/confirm-email#token=…`. */
export const linkPages = {
  confirmEmail: '/confirm-email',
  resetPassword: '/password-reset',
  changeEmail: '/confirm-new-email',
  undoEmail: '/undo-new-email',
  invitation: '/signup',
} as const;
export type LinkPage = keyof typeof linkPages;

/** What an invitation says before it is taken. */
export const invitationView = z.object({
  email: z.string().nullable(),
  invitedBy: z.string(),
  expiresAt: z.iso.datetime(),
});

export const profile = me.extend({
  createdAt: z.iso.datetime(),
  hasPassword: z.boolean(),
  passwordSetAt: z.iso.datetime().nullable(),
  secondFactor: z.object({ on: z.boolean(), recoveryCodesLeft: z.int() }),
  /** An address that waits to be confirmed. */
  pendingEmail: z.string().nullable(),
});
export type Profile = z.infer<typeof profile>;

export const profilePatch = z.strictObject({
  name: displayName.optional(),
  userName: userName.optional(),
  locale: z.enum(['en', 'ja']).nullable().optional(),
  timeZone: z
    .string()
    .max(64)
    .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC', 'not a time zone')
    .nullable()
    .optional(),
});

/** A picture as a data URL's bytes in base64 (JPEG, PNG or WebP by its content, 8 MB and 40 megapixels at most); re-encoded to 512 × 512 WebP. */
export const pictureInput = z.strictObject({ base64: z.base64().max(11_200_000) });

/** Asks for a fresh proof: everything that could lock the person out of their account. */
export const proof = z.strictObject({ password: z.string().max(256).optional(), code: secondFactorCode.optional() });

export const changePasswordInput = z.strictObject({
  current: z.string().max(256).optional(),
  next: password,
  code: secondFactorCode.optional(),
});
export const changeEmailInput = z.strictObject({ email: emailAddress, proof });
export const resetInput = z.strictObject({ token: z.string().min(20).max(200), password });
export const linkInput = z.object({ token: z.string().min(20).max(200) });

/** After a change of e-mail was taken back: the old password is gone, and this sets the next one. */
export const changeUndone = z.object({ resetToken: z.string() });

/** One's own e-mail, typed, so that nobody deletes an account by a slip. */
export const deleteAccountInput = z.strictObject({ email: emailAddress, proof });

/** A sign-in of one's own, or, for an admin, of somebody. */
export const sessionView = z.object({
  id: z.uuid(),
  current: z.boolean(),
  /** `Firefox 140 · Windows`. */
  device: z.string(),
  ip: z.string().nullable(),
  method: z.string(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type SessionView = z.infer<typeof sessionView>;

/** To be put into an authenticator app, as QR or by hand. */
export const totpSetup = z.object({ secret: z.string(), uri: z.string() });
export const recoveryCodes = z.object({ codes: z.array(z.string()) });

export const passkeyView = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  backedUp: z.boolean(),
});
/** WebAuthn's own JSON (PublicKeyCredentialCreationOptionsJSON, …RequestOptionsJSON, Registration- and AuthenticationResponseJSON), checked by the library. */
export const webAuthnJson = z.record(z.string(), z.unknown());
export const passkeyCeremony = z.object({ challengeId: z.uuid(), options: webAuthnJson });
export const passkeyAnswer = z.strictObject({ challengeId: z.uuid(), response: webAuthnJson });
export const passkeyName = z.string().trim().min(1).max(60);

/** A fresh proof of who is there: password (with the code where a second factor is on), a code alone where there is no password, or a passkey. */
export const proveInput = proof.extend({ passkey: passkeyAnswer.optional() });

/** What an OIDC provider said of somebody, as checked by next-auth; from our own page server alone. */
export const oidcSignInInput = z.object({
  issuer: z.string().min(1).max(500),
  subject: z.string().min(1).max(255),
  email: z.string().max(254).nullable(),
  emailVerified: z.boolean(),
  name: z.string().max(200).nullable(),
  /** The cookie of somebody who asked to link this provider to their account. */
  link: z.string().max(2000).nullable(),
});
export type OidcSignInInput = z.infer<typeof oidcSignInInput>;

/** Somebody's account at an OIDC provider, linked to theirs. */
export const externalIdentityView = z.object({ issuer: z.string(), subject: z.string(), linkedAt: z.iso.datetime() });

/** What concerns a person, under the bell. `kind` chooses the words, `data` fills them. */
export const activityItem = z.object({
  id: z.uuid(),
  kind: z.enum([
    'signIn.newDevice',
    'signIn.locked',
    'password.changed',
    'email.changed',
    'secondFactor.on',
    'secondFactor.off',
    'passkey.added',
    'passkey.removed',
    'key.created',
    'key.expires',
    'token.reused',
    'role.given',
    'role.taken',
    'removal.requested',
    'import.finished',
    'webhook.dead',
    'system.notice',
  ]),
  data: z.record(z.string(), z.unknown()),
  /** Address of the page that it is about; null: none. */
  href: z.string().nullable(),
  createdAt: z.iso.datetime(),
  readAt: z.iso.datetime().nullable(),
});
export type ActivityItem = z.infer<typeof activityItem>;
/** What `activity.watch` tells. */
export interface ActivityNews {
  unread: number;
  newest: ActivityItem | null;
}
export type ActivityKind = ActivityItem['kind'];

/** Carries who a guest is. */
export const guestCookie = 'sensorium-guest';

/** Chooses a look at the house as somebody else, beside the admin's own cookie, which stays and without which it opens nothing. */
export const viewAsCookie = 'sensorium.view-as';

export const guestInput = z.strictObject({ name: displayName });
export const guest = z.object({ guestId: z.uuid(), name: z.string(), token: z.string(), expiresAt: z.iso.datetime() });
const moment = z.iso.datetime();
/** All that the house keeps about a person, without secrets. Lists are the newest rows, to the count in `limits`. */
export const accountExport = z.object({
  exportedAt: moment,
  limits: z.object({ auditEntries: z.int(), activity: z.int(), cameras: z.int() }),
  profile,
  roles: z.array(z.object({ roleId: z.string(), object: objectReference.nullable(), grantedAt: moment })),
  externalIdentities: z.array(z.object({ issuer: z.string(), subject: z.string(), createdAt: moment })),
  passkeys: z.array(passkeyView),
  sessions: z.array(
    z.object({
      id: z.uuid(),
      method: z.string(),
      ip: z.string().nullable(),
      userAgent: z.string().nullable(),
      createdAt: moment,
      lastSeenAt: moment,
      expiresAt: moment,
      revokedAt: moment.nullable(),
    }),
  ),
  tokens: z.array(
    z.object({
      id: z.uuid(),
      scope: z.array(z.string()),
      ip: z.string().nullable(),
      userAgent: z.string().nullable(),
      createdAt: moment,
      lastUsedAt: moment,
      revokedAt: moment.nullable(),
    }),
  ),
  keys: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      prefix: z.string(),
      permissions: z.array(z.string()),
      createdAt: moment,
      expiresAt: moment.nullable(),
      lastUsedAt: moment.nullable(),
      lastUsedIp: z.string().nullable(),
      revokedAt: moment.nullable(),
    }),
  ),
  cameras: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      place: z.string().nullable(),
      latitude: z.number(),
      longitude: z.number(),
      kind: z.string(),
      visibility: z.string(),
      createdAt: moment,
    }),
  ),
  audit: z.array(
    z.object({
      at: moment,
      action: z.string(),
      outcome: z.string(),
      ip: z.string().nullable(),
      userAgent: z.string().nullable(),
      object: objectReference.nullable(),
    }),
  ),
  activity: z.array(z.object({ kind: z.string(), data: z.unknown(), createdAt: moment, readAt: moment.nullable() })),
});
export type AccountExport = z.infer<typeof accountExport>;
