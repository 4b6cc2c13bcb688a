import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

import type { KeyView, keyInput } from '#server/contracts/access.ts';
import { objectReference, type Actor, type UserActor } from '#server/contracts/identity.ts';
import { userId } from '#server/contracts/ids.ts';
import type { keyQuery } from '#server/contracts/tokens.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Events } from '#server/platform/events.ts';
import { inTransaction, takeTurn, type Database } from '#server/platform/transaction.ts';

import { standsAbove } from '../access/standing.ts';
import { findUser } from '../access/store.ts';
import type { ActivityService } from '../activity/service.ts';
import type { IdentityService } from '../service.ts';
import { RememberedKeys } from './remembered-keys.ts';
import { isSameHash, makeKey, readKey } from './secrets.ts';
import * as store from './store.ts';

const touchEveryMs = 60_000;
const tellBeforeMs = 7 * 86_400_000;
const liveKeysMax = 100;
const objects = z.array(objectReference).nullable();

interface Options {
  database: Database;
  events: Events;
  identity: Pick<IdentityService, 'isAllowed' | 'authorize' | 'rememberedActor' | 'personActor'>;
  activity: Pick<ActivityService, 'tell'>;
  now: () => Date;
}

/** Keys of machines: narrower than their person, never wider. */
export class ApiKeys {
  readonly #options: Options;
  readonly #remembered = new RememberedKeys();

  constructor(options: Options) {
    this.#options = options;
    options.events.on('credential.revoked', ({ kind, id }) => {
      if (kind === 'key') this.#remembered.forget(id);
    });
    options.events.on('user.changed', ({ userId: id }) => this.#remembered.forgetPerson(id));
    options.events.onGap(() => this.#remembered.clear());
  }

  /** Null: no such key, or its time, or its person's, is over. */
  async actorOf(given: string, ip: string | null): Promise<UserActor | null> {
    const key = readKey(given);
    const row = key && (await this.#find(key.prefix));
    if (!row || !isSameHash(row.secretHash, key.hash)) return null;
    return this.#actorOfRow(row, ip);
  }

  /** Of a key that was checked before. */
  async actorOfId(id: string): Promise<UserActor | null> {
    const known = this.#remembered.byId(id);
    const row = known ? await this.#find(known.prefix) : await store.findKey(this.#options.database, { id });
    return row && this.#actorOfRow(row, null);
  }

  /** Times the ordinary rate limit; of a key that is in use here. */
  rateFactorOf(id: string): number {
    return this.#remembered.byId(id)?.rateFactor ?? 1;
  }

  /** One's own, or with `key:admin` anybody's. */
  async list(
    actor: UserActor,
    { prefix, userId: of, everybody, cursor, limit }: z.infer<typeof keyQuery>,
  ): Promise<{ items: KeyView[]; nextCursor: string | null }> {
    const { database, identity } = this.#options;
    const owner = of ?? (everybody ? null : actor.userId);
    if (owner !== actor.userId) identity.authorize(actor, 'key:admin');
    const found = await store.listKeys(database, {
      userId: owner,
      prefix: prefix ?? null,
      before: z.uuid().safeParse(cursor).data ?? null,
      limit: limit + 1,
    });
    const rows = found.slice(0, limit);
    return { items: rows.map(toView), nextCursor: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
  }

  /** The secret is in this answer alone. */
  async create(actor: UserActor, input: z.infer<typeof keyInput>): Promise<{ key: KeyView; secret: string }> {
    const { database, activity, now } = this.#options;
    assertNoKey(actor);
    const expiresAt = input.expiresAt === null ? null : new Date(input.expiresAt);
    if (expiresAt && expiresAt <= now())
      throw new AppError('BAD_REQUEST', { message: 'the key would be over before it begins' });
    const { prefix, secret, hash } = makeKey();
    const { name, permissions } = input;
    const row = await inTransaction(database, async (rows) => {
      await takeTurn(rows, `keys of ${actor.userId}`);
      if ((await store.countLiveKeys(rows, actor.userId, now())) >= liveKeysMax)
        throw new AppError('CONFLICT', { message: `one person has ${liveKeysMax} keys at most: revoke one first` });
      const made = await store.insertKey(rows, {
        id: uuidv7(),
        userId: actor.userId,
        name,
        prefix,
        secretHash: hash,
        permissions: [...new Set(permissions)],
        ...(input.objects && { objects: input.objects }),
        createdAt: now(),
        expiresAt,
      });
      await activity.tell(rows, { userId: actor.userId, kind: 'key.created', data: { name, prefix } });
      return made;
    });
    const key = toView(row);
    noteChange({ object: { type: 'key', id: key.id }, after: noted(key) });
    return { key, secret };
  }

  async revoke(actor: UserActor, id: string): Promise<KeyView> {
    const { database, now } = this.#options;
    const row = await this.#ownOrAdministered(actor, id);
    const isItself = actor.credential.kind === 'key' && actor.credential.id === id;
    if (!isItself && !this.#options.identity.isAllowed(actor, 'key:admin')) assertNoKey(actor);
    await this.#mustStandAbove(actor, row);
    if (await store.revokeKey(database, id, now())) this.#tellRevoked(row);
    const key = toView((await store.findKey(database, { id })) ?? row);
    noteChange({ object: { type: 'key', id }, before: noted(toView(row)), after: noted(key) });
    return key;
  }

  /** By who holds the key itself: whoever found it may end it. */
  async revokeGiven(given: string): Promise<void> {
    const key = readKey(given);
    const row = key && (await store.findKey(this.#options.database, { prefix: key.prefix }));
    if (!row || !isSameHash(row.secretHash, key.hash)) return;
    if (await store.revokeKey(this.#options.database, row.id, this.#options.now())) this.#tellRevoked(row);
    noteChange({ object: { type: 'key', id: row.id } });
  }

  async setRateFactor(actor: Actor, id: string, rateFactor: number): Promise<KeyView> {
    const { database, identity, events } = this.#options;
    identity.authorize(actor, 'key:admin');
    const row = await store.findKey(database, { id });
    if (!row) throw notFound(id);
    await this.#mustStandAbove(actor, row);
    await store.setRateFactor(database, id, rateFactor);
    // Other processes read it again.
    events.publish({ type: 'user.changed', userId: userId.parse(row.userId) });
    noteChange({ object: { type: 'key', id }, before: { rateFactor: row.rateFactor }, after: { rateFactor } });
    return toView({ ...row, rateFactor });
  }

  async #ownOrAdministered(actor: UserActor, id: string): Promise<store.KeyRow> {
    const row = await store.findKey(this.#options.database, { id });
    const isTheirs = row?.userId === actor.userId || this.#options.identity.isAllowed(actor, 'key:admin');
    // Whether there is such a key is nobody else's business.
    if (!row || !isTheirs) throw notFound(id);
    return row;
  }

  /** Over one's own key, or that of somebody who does not hold more. Whoever has a key in hand ends it by itself (`revokeGiven`). */
  async #mustStandAbove(actor: Actor, { userId: owner }: store.KeyRow): Promise<void> {
    if (actor.type === 'user' && actor.userId === owner) return;
    const person = await findUser(this.#options.database, owner, this.#options.now());
    if (person && !standsAbove(actor, person))
      throw new AppError('FORBIDDEN', {
        message: `${owner}, whose key it is, holds more than who asks`,
        details: { reason: 'moreThanHeld' },
      });
  }

  async #actorOfRow(row: store.KeyRow, ip: string | null): Promise<UserActor | null> {
    const { identity, now } = this.#options;
    const at = now();
    if (row.revokedAt || (row.expiresAt && row.expiresAt <= at)) return null;
    const credential = { kind: 'key', id: row.id } as const;
    const actor: Actor = await identity.rememberedActor(credential, () =>
      identity.personActor(row.userId, {
        credential,
        scope: { permissions: row.permissions, objects: objects.parse(row.objects) },
      }),
    );
    if (actor.type !== 'user') return null;
    if (ip !== null) await this.#noteUse(row, { at, ip });
    return actor;
  }

  /** Once a minute, whichever process is first; in the last days also a word to its person. */
  async #noteUse(row: store.KeyRow, { at, ip }: { at: Date; ip: string }): Promise<void> {
    const { database, activity } = this.#options;
    const unless = new Date(at.getTime() - touchEveryMs);
    const before = row.lastUsedAt;
    if (before && before >= unless) return;
    row.lastUsedAt = at;
    const { userId: person, name, prefix, expiresAt } = row;
    await inTransaction(database, async (rows) => {
      if (!(await store.touchKey(rows, row.id, { at, ip, unless })) || !expiresAt) return;
      const tellFrom = expiresAt.getTime() - tellBeforeMs;
      // Once: at the first use in that time.
      if ((before ?? row.createdAt).getTime() < tellFrom && at.getTime() >= tellFrom)
        await activity.tell(rows, {
          userId: person,
          kind: 'key.expires',
          data: { name, prefix, expiresAt: expiresAt.toISOString() },
        });
    });
  }

  async #find(prefix: string): Promise<store.KeyRow | null> {
    const nowMs = this.#options.now().getTime();
    const known = this.#remembered.get(prefix, nowMs);
    if (known) return known;
    const row = await store.findKey(this.#options.database, { prefix });
    if (row) this.#remembered.set(row, nowMs);
    return row;
  }

  #tellRevoked(row: store.KeyRow): void {
    const { events } = this.#options;
    events.publish({ type: 'credential.revoked', kind: 'key', id: row.id, userId: userId.parse(row.userId) });
  }
}

function notFound(id: string): AppError {
  return new AppError('NOT_FOUND', { message: `no key ${id}` });
}

/** A key, or a token that was narrowed, must not make itself a wider or a longer-lived companion. */
function assertNoKey(actor: UserActor): void {
  if (actor.credential.kind !== 'key' && actor.scope === null) return;
  throw new AppError('FORBIDDEN', {
    message: 'keys are made and revoked by somebody signed in, not by a key or a narrowed token',
    details: { reason: 'scope' },
  });
}

function toView(row: store.KeyRow): KeyView {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    owner: { id: userId.parse(row.user.id), name: row.user.name },
    permissions: row.permissions,
    objects: objects.parse(row.objects),
    rateFactor: row.rateFactor,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastUsedIp: row.lastUsedIp,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}

function noted({ name, prefix, owner, permissions, objects: limitedTo, expiresAt, revokedAt }: KeyView) {
  return { name, prefix, ownerId: owner.id, permissions, objects: limitedTo, expiresAt, revokedAt };
}
