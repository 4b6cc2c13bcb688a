import type { z } from 'zod';

import type { lockRow, userQuery, UserRow } from '#server/contracts/access.ts';
import type { SessionView } from '#server/contracts/account.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { userId } from '#server/contracts/ids.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import { endSignIns, tellEnded } from '../people/endings.ts';
import { deviceWords } from '../sign-in/device-words.ts';
import { mustLeaveAnOwner, objectOf } from './grants.ts';
import { positionCursor, readPosition } from './people-cursor.ts';
import { authorize, isOwner, standsAbove } from './standing.ts';
import * as store from './store.ts';

type UserQuery = z.infer<typeof userQuery>;
type LockRow = z.infer<typeof lockRow>;

interface Options {
  database: Database;
  events: Events;
  now: () => Date;
  sendReset: (email: string) => Promise<void>;
}

/** People as an admin sees them, and what an admin does about them. */
export class People {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async list(actor: Actor, query: UserQuery): Promise<{ items: UserRow[]; nextCursor: string | null }> {
    authorize(actor, 'user:view');
    const { database, now } = this.#options;
    const filter = { words: wordsOf(query.query), role: query.role, locked: query.locked };
    const after = query.cursor === undefined ? null : readPosition(query.cursor);
    const found = await store.listUsers(database, filter, { after, limit: query.limit + 1, now: now() });
    const shown = found.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      items: shown.map(toUserRow),
      nextCursor: found.length > shown.length && last ? positionCursor(last) : null,
    };
  }

  async get(actor: Actor, id: string): Promise<UserRow> {
    authorize(actor, 'user:view');
    return toUserRow(await this.#find(id));
  }

  /** After a change that was authorized as another: who may give a role sees what came of it. */
  async shown(id: string): Promise<UserRow> {
    return toUserRow(await this.#find(id));
  }

  async sessions(actor: Actor, id: string): Promise<SessionView[]> {
    authorize(actor, 'user:view');
    await this.#find(id);
    const sessions = await store.listSessions(this.#options.database, id, this.#options.now());
    return sessions.map((session) => ({
      id: session.id,
      current: actor.credential.kind === 'session' && actor.credential.id === session.id,
      device: deviceWords(session.userAgent),
      ip: session.ip,
      method: session.method,
      createdAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
      expiresAt: session.expiresAt.toISOString(),
    }));
  }

  /** Shut out from now on: sessions and tokens end, keys answer no more as long as it lasts. */
  async lock(actor: Actor, { id, reason }: { id: string; reason: string }): Promise<UserRow> {
    const person = await this.#governed(actor, id);
    if (actor.type === 'user' && actor.userId === id)
      throw new AppError('CONFLICT', { message: 'nobody locks themselves out', details: { reason: 'self' } });
    const { database, events, now } = this.#options;
    const at = now();
    const ended = await inTransaction(database, async (rows) => {
      if (isOwner(person)) await mustLeaveAnOwner(rows, id);
      if (!(await store.setLocked(rows, id, { at, reason }))) return null;
      return {
        ...(await endSignIns(rows, { userId: id, keep: null, at, reason: 'locked' })),
        keys: (await store.listKeyIds(rows, id)).map((key) => key.id),
      };
    });
    if (ended) {
      tellEnded(events, id, ended);
      events.publish({ type: 'user.locked', userId: userId.parse(id) });
    }
    noteChange({ object: { type: 'user', id }, before: { locked: !ended }, after: { locked: true, reason } });
    return toUserRow(await this.#find(id));
  }

  async unlock(actor: Actor, id: string): Promise<UserRow> {
    await this.#governed(actor, id);
    const { database, events } = this.#options;
    const was = await store.setLocked(database, id, null);
    if (was) events.publish({ type: 'user.changed', userId: userId.parse(id) });
    noteChange({ object: { type: 'user', id }, before: { locked: was }, after: { locked: false } });
    return toUserRow(await this.#find(id));
  }

  /** Ends all of their sign-ins and tokens; keys stay. */
  async signOut(actor: Actor, id: string): Promise<{ sessions: number; tokens: number }> {
    await this.#governed(actor, id);
    const { database, events, now } = this.#options;
    const ended = await inTransaction(database, (rows) =>
      endSignIns(rows, { userId: id, keep: null, at: now(), reason: 'admin' }),
    );
    tellEnded(events, id, ended);
    const counts = { sessions: ended.sessions.length, tokens: ended.families.length };
    noteChange({ object: { type: 'user', id }, details: counts });
    return counts;
  }

  /** They get the mail that they would have asked for themselves; the link goes to nobody else. */
  async sendReset(actor: Actor, id: string): Promise<void> {
    const { email } = await this.#governed(actor, id);
    noteChange({ object: { type: 'user', id } });
    await this.#options.sendReset(email);
  }

  /** Accounts and networks whose tries to sign in failed lately. */
  async locks(
    actor: Actor,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: LockRow[]; nextCursor: string | null }> {
    authorize(actor, 'user:view');
    const found = await store.listLocks(this.#options.database, { after: cursor ?? null, limit: limit + 1 });
    const shown = found.slice(0, limit);
    return {
      items: shown.map(({ key, failures, lastAt, lockedUntil }) => ({
        key,
        failures,
        lastAt: lastAt.toISOString(),
        lockedUntil: lockedUntil?.toISOString() ?? null,
      })),
      nextCursor: found.length > shown.length ? (shown.at(-1)?.key ?? null) : null,
    };
  }

  /** Of an account by who may act on its person: else who rules less would let others guess on at the owner's password. */
  async clearLock(actor: Actor, key: string): Promise<void> {
    authorize(actor, 'user:admin');
    noteChange({ object: { type: 'signInLock', id: key.slice(0, 100) } });
    const person = await this.#lockedBy(key);
    if (person) mustStandAbove(actor, person);
    if (!(await store.clearLock(this.#options.database, key)))
      throw new AppError('NOT_FOUND', { message: 'nobody waits under this name' });
  }

  /** Somebody that `actor` may act on: not who stands above them. */
  async #governed(actor: Actor, id: string): Promise<store.UserShape> {
    authorize(actor, 'user:admin');
    const person = await this.#find(id);
    mustStandAbove(actor, person);
    return person;
  }

  /** Whose tries to sign in are counted under this key; null: a network's, or a name that nobody has. */
  async #lockedBy(key: string): Promise<store.UserShape | null> {
    const { database, now } = this.#options;
    const [kind, name] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
    if (kind === 'email') return store.findUserByEmail(database, name, now());
    return kind === 'name' ? store.findUserByName(database, name, now()) : null;
  }

  async #find(id: string): Promise<store.UserShape> {
    const person = await store.findUser(this.#options.database, id, this.#options.now());
    if (!person) throw new AppError('NOT_FOUND', { message: `no person ${id}` });
    return person;
  }
}

function mustStandAbove(actor: Actor, person: store.UserShape): void {
  if (!standsAbove(actor, person))
    throw new AppError('FORBIDDEN', {
      message: `${person.id} holds more than who asks`,
      details: { reason: 'moreThanHeld' },
    });
}

function wordsOf(query: string | undefined): string[] {
  return (query ?? '')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, 10);
}

function toUserRow(row: store.UserShape): UserRow {
  const { id, email, name, userName, lockedReason } = row;
  return {
    id: userId.parse(id),
    email,
    emailConfirmed: row.emailConfirmedAt !== null,
    name,
    userName,
    picture: row.picture === null ? null : `/pictures/${row.picture}`,
    roles: row.roles.map((held) => ({
      id: held.id,
      roleId: held.roleId,
      object: objectOf(held),
      grantedAt: held.createdAt.toISOString(),
    })),
    lockedAt: row.lockedAt?.toISOString() ?? null,
    lockedReason,
    secondFactor: (row.secondFactor?.confirmedAt ?? null) !== null,
    passkeys: row._count.passkeys,
    sessions: row._count.sessions,
    lastSignInAt: row.lastSignInAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
