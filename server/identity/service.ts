import { createHash, randomBytes } from 'node:crypto';

import { hash, verify } from '@node-rs/argon2';
import { v7 as uuidv7 } from 'uuid';

import { me, type Actor, type Me, type OwnerClaimInput, type SignInInput } from '#server/contracts/identity.ts';
import { userId } from '#server/contracts/ids.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Events } from '#server/platform/events.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import { isAllowed, type Permission, type Subject } from './permissions.ts';
import { SignInLimit } from './sign-in-limit.ts';
import * as store from './store.ts';

const claimHours = 24;
const sessionDays = 30;
const sessionCacheMs = 5000;
const sessionCacheMax = 5000;
/** Written at most so often. */
const touchEveryMs = 60_000;
/** argon2id as OWASP advises: 19 MiB, two passes, one lane. */
const hashing = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export interface IdentityOptions {
  database: Database;
  events: Events;
  now?: () => Date;
}

/** Who somebody is and what they may. */
export class IdentityService {
  readonly #database: Database;
  readonly #events: Events;
  readonly #now: () => Date;
  readonly #limit: SignInLimit;
  readonly #sessions = new Map<string, { actor: Actor; until: number }>();
  /** Compared with when the e-mail is unknown, so that the answer takes as long. */
  #decoy: Promise<string> | null = null;
  #ownerKnown = false;

  constructor(options: IdentityOptions) {
    this.#database = options.database;
    this.#events = options.events;
    this.#now = options.now ?? (() => new Date());
    this.#limit = new SignInLimit(() => this.#now().getTime());
    this.#events.on('session.revoked', ({ sessionId }) => this.#sessions.delete(sessionId));
    this.#events.onGap(() => this.#sessions.clear());
  }

  isAllowed(actor: Actor, permission: Permission, subject?: Subject): boolean {
    return isAllowed(actor, permission, subject);
  }

  authorize(actor: Actor, permission: Permission, subject?: Subject): void {
    if (isAllowed(actor, permission, subject)) return;
    if (actor.type === 'anonymous')
      throw new AppError('UNAUTHENTICATED', { message: `${permission} needs somebody signed in` });
    throw new AppError('FORBIDDEN', { message: `${permission} is not granted` });
  }

  async ownerMissing(): Promise<boolean> {
    // An owner does not go away, so once seen is enough.
    this.#ownerKnown ||= await store.hasOwner(this.#database);
    return !this.#ownerKnown;
  }

  /** A new one-time token for the owner's account; earlier ones stop working. Null once there is an owner. */
  async issueOwnerClaim(): Promise<string | null> {
    const token = randomBytes(24).toString('base64url');
    const expiresAt = new Date(this.#now().getTime() + claimHours * 3_600_000);
    return inTransaction(this.#database, async (rows) => {
      await store.lockOwnerClaims(rows);
      if (await store.hasOwner(rows)) return null;
      await store.replaceClaims(rows, { tokenHash: digest(token), expiresAt });
      return token;
    });
  }

  /** Makes the owner's account by the one-time token. */
  async claimOwner(input: OwnerClaimInput): Promise<Me> {
    // Before the slow part, so that nobody keeps us hashing without a link; what counts is looked at again below.
    if (!(await this.ownerMissing())) throw hasOwnerAlready();
    const token = digest(input.token);
    if (!(await store.hasClaim(this.#database, token, this.#now()))) throw claimIsOver();
    const passwordHash = await hash(input.password, hashing);
    const id = userId.parse(uuidv7());
    const person = await inTransaction(this.#database, async (rows) => {
      await store.lockOwnerClaims(rows);
      if (await store.hasOwner(rows)) throw hasOwnerAlready();
      if (!(await store.useClaim(rows, token, this.#now()))) throw claimIsOver();
      return store.insertUser(rows, {
        id,
        email: normalEmail(input.email),
        name: input.name,
        passwordHash,
        isOwner: true,
      });
    });
    return me.parse(person);
  }

  /** Opens a session. Whether the e-mail or the password was wrong is not told, neither in words nor in time. */
  async signIn(
    input: SignInInput,
    from: { ip: string | null; userAgent: string | null },
  ): Promise<{ user: Me; sessionId: string }> {
    const email = normalEmail(input.email);
    const keys = [`email ${email}`, ...(from.ip ? [`ip ${from.ip}`] : [])];
    const waitMs = this.#limit.waitMs(keys);
    if (waitMs > 0) {
      const retryAfterSeconds = Math.ceil(waitMs / 1000);
      throw new AppError('TOO_MANY_REQUESTS', { message: 'too many tries to sign in', details: { retryAfterSeconds } });
    }
    // Counted before the slow part: tries side by side count too.
    this.#limit.failed(keys);
    const known = await store.findCredentials(this.#database, email);
    this.#decoy ??= hash(randomBytes(18).toString('base64url'), hashing);
    const matches = await verify(known?.passwordHash ?? (await this.#decoy), input.password);
    if (!known || !matches) throw new AppError('UNAUTHENTICATED', { message: 'e-mail or password is wrong' });
    this.#limit.succeeded(keys);
    const sessionId = uuidv7();
    const expiresAt = new Date(this.#now().getTime() + sessionDays * 86_400_000);
    const userAgent = from.userAgent?.slice(0, 300) ?? null;
    await store.insertSession(this.#database, { id: sessionId, userId: known.id, expiresAt, userAgent });
    return { user: me.parse(known), sessionId };
  }

  async signOut(actor: Actor): Promise<void> {
    if (actor.type !== 'user') return;
    await store.revokeSession(this.#database, actor.sessionId, this.#now());
    this.#events.publish({ type: 'session.revoked', sessionId: actor.sessionId, userId: actor.userId });
  }

  /** Who a session belongs to; anonymous when it is revoked, expired or unknown. Remembered for 5 s at most. */
  async actorOf(sessionId: string): Promise<Actor> {
    const now = this.#now().getTime();
    const cached = this.#sessions.get(sessionId);
    if (cached && cached.until > now) return cached.actor;
    const row = await store.findSession(this.#database, sessionId);
    const valid = row && !row.revokedAt && row.expiresAt.getTime() > now;
    const actor: Actor = valid
      ? {
          type: 'user',
          sessionId,
          userId: userId.parse(row.user.id),
          name: row.user.name,
          email: row.user.email,
          isOwner: row.user.isOwner,
        }
      : { type: 'anonymous' };
    this.#remember(sessionId, actor, now);
    if (valid && now - row.lastSeenAt.getTime() > touchEveryMs)
      await store.touchSession(this.#database, sessionId, this.#now());
    return actor;
  }

  #remember(sessionId: string, actor: Actor, now: number): void {
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, { actor, until: now + sessionCacheMs });
    for (const key of this.#sessions.keys()) {
      if (this.#sessions.size <= sessionCacheMax) break;
      this.#sessions.delete(key);
    }
  }
}

function hasOwnerAlready(): AppError {
  return new AppError('CONFLICT', { message: 'this house has an owner already' });
}

function claimIsOver(): AppError {
  return new AppError('GONE', { message: 'the link was used, or its time is over' });
}

function digest(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(token).digest());
}

function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}
