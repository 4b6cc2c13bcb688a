import { createHash, randomBytes } from 'node:crypto';

import { v7 as uuidv7 } from 'uuid';

import type { Actor, Credential, Me, OwnerClaimInput, UserActor } from '#server/contracts/identity.ts';
import type { Permission, Reach } from '#server/contracts/permissions.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import { mayLookAs } from './access/standing.ts';
import { toMe, userActor } from './actor-of.ts';
import { firstUserName } from './first-user-name.ts';
import { assertNotCommon, hashPassword } from './passwords.ts';
import { isAllowed, isAllowedSomewhere, reachOf, type Subject } from './permissions.ts';
import * as store from './store.ts';

const claimHours = 24;
const actorCacheMs = 5000;
const actorCacheMax = 5000;
/** Written at most so often. */
const touchEveryMs = 60_000;

export type { Subject } from './permissions.ts';

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
  /** By credential, `session …`. */
  readonly #actors = new Map<string, { actor: Actor; until: number }>();
  #ownerKnown = false;

  constructor(options: IdentityOptions) {
    this.#database = options.database;
    this.#events = options.events;
    this.#now = options.now ?? (() => new Date());
    this.#events.on('session.revoked', ({ sessionId }) => this.#actors.delete(`session ${sessionId}`));
    this.#events.on('credential.revoked', ({ kind, id }) => this.#actors.delete(`${kind} ${id}`));
    this.#events.on('user.changed', ({ userId }) => this.#forget(userId));
    this.#events.on('roles.changed', () => this.#actors.clear());
    this.#events.onGap(() => this.#actors.clear());
  }

  isAllowed(actor: Actor, permission: Permission, subject?: Subject): boolean {
    return isAllowed(actor, permission, subject);
  }

  isAllowedSomewhere(actor: Actor, permission: Permission): boolean {
    return isAllowedSomewhere(actor, permission);
  }

  /** What of a type somebody may, for lists. */
  reachOf(actor: Actor, permission: Permission, type: string): Reach {
    return reachOf(actor, permission, type);
  }

  /** Throws where `isAllowed` says no. */
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
    assertNotCommon(input.password, [input.name, input.email]);
    const passwordHash = await hashPassword(input.password);
    const id = uuidv7();
    const email = normalEmail(input.email);
    const now = this.#now();
    const person = await inTransaction(this.#database, async (rows) => {
      await store.lockOwnerClaims(rows);
      if (await store.hasOwner(rows)) throw hasOwnerAlready();
      if (!(await store.useClaim(rows, token, this.#now()))) throw claimIsOver();
      return store.insertUser(rows, {
        id,
        email,
        // Whoever holds the link from the machine's own log need not prove an address.
        emailConfirmedAt: now,
        userName: firstUserName(input.name, id),
        name: input.name,
        passwordHash,
        passwordSetAt: now,
        roles: { create: { id: uuidv7(), roleId: 'owner' } },
      });
    });
    noteChange({ object: { type: 'user', id }, person: { id, name: person.name } });
    return toMe(person);
  }

  /** The person that `actor` is, as their pages show them; null for everybody who is not signed in. */
  async me(actor: Actor): Promise<Me | null> {
    if (actor.type !== 'user') return null;
    const person = await store.findPerson(this.#database, actor.userId);
    const viewer = actor.viewedBy === null ? null : await store.findPerson(this.#database, actor.viewedBy);
    return person && toMe(person, { viewer, scope: actor.scope });
  }

  /**
   * Who a session belongs to; anonymous when it is revoked, expired or unknown, or its person is locked, or it is a look of an admin who may not look any
   * more. Remembered for 5 s at most.
   */
  async actorOf(sessionId: string): Promise<Actor> {
    const credential: Credential = { kind: 'session', id: sessionId };
    return this.rememberedActor(credential, async () => {
      const row = await store.findSession(this.#database, sessionId);
      const now = this.#now();
      if (!row || row.revokedAt || row.expiresAt <= now || row.user.lockedAt) return null;
      if (now.getTime() - row.lastSeenAt.getTime() > touchEveryMs)
        await store.touchSession(this.#database, sessionId, now);
      const actor = userActor(row.user, { credential, scope: null, viewedBy: row.viewedBy });
      return row.viewedBy === null || (await this.#looksOn(row.viewedBy, actor)) ? actor : null;
    });
  }

  /** A person by a credential of another kind, which `find` has looked at; anonymous where it says null. Remembered like a session. */
  async rememberedActor(credential: Credential, find: () => Promise<UserActor | null>): Promise<Actor> {
    const key = `${credential.kind} ${credential.id}`;
    const now = this.#now().getTime();
    const cached = this.#actors.get(key);
    if (cached && cached.until > now) return cached.actor;
    const actor = (await find()) ?? { type: 'anonymous' };
    this.#remember(key, actor, now);
    return actor;
  }

  /** The person of a credential that was checked; null when they are gone or locked. */
  async personActor(
    userId: string,
    holding: { credential: Credential; scope: UserActor['scope'] },
  ): Promise<UserActor | null> {
    const person = await store.findPerson(this.#database, userId);
    return person && !person.lockedAt ? userActor(person, { ...holding, viewedBy: null }) : null;
  }

  /** Also where no cookie of the admin is asked for: media that run, tokens and tickets that were given out. */
  async #looksOn(adminId: string, viewed: UserActor): Promise<boolean> {
    const admin = await this.personActor(adminId, { credential: viewed.credential, scope: null });
    return admin !== null && mayLookAs(admin, viewed);
  }

  #remember(key: string, actor: Actor, now: number): void {
    this.#actors.delete(key);
    this.#actors.set(key, { actor, until: now + actorCacheMs });
    for (const oldest of this.#actors.keys()) {
      if (this.#actors.size <= actorCacheMax) break;
      this.#actors.delete(oldest);
    }
  }

  #forget(userId: string): void {
    for (const [key, { actor }] of this.#actors)
      if (actor.type === 'user' && (actor.userId === userId || actor.viewedBy === userId)) this.#actors.delete(key);
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
