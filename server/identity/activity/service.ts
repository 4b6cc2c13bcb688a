import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

import { activityItem, type ActivityItem, type ActivityKind } from '#server/contracts/account.ts';
import type { UserActor } from '#server/contracts/identity.ts';
import type { Permission } from '#server/contracts/permissions.ts';
import type { Database, Rows } from '#server/platform/transaction.ts';

import { permissionsOf } from '../actor-of.ts';
import { holds } from '../permissions.ts';
import * as store from './store.ts';

/** Of each person; older ones go. */
const keptMax = 500;
const jsonObject = z.record(z.string(), z.json());
const withHref = z.object({ href: z.string().nullable().catch(null) });

export interface ActivityNote {
  kind: ActivityKind;
  /** What the words are filled with; no secrets. */
  data?: Record<string, unknown>;
  /** Address of the page that it is about. */
  href?: string;
}

/** What the system and others did that concerns a person: the list under the bell. */
export class ActivityService {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(options: { database: Database; now?: () => Date }) {
    this.#database = options.database;
    this.#now = options.now ?? (() => new Date());
  }

  /** Tells one person, in the transaction of what it tells of. */
  async tell(rows: Rows, note: ActivityNote & { userId: string }): Promise<void> {
    await this.#insert(rows, [note.userId], note);
  }

  /** Tells everybody who holds a permission for everything. */
  async tellHolders(rows: Rows, permission: Permission, note: ActivityNote): Promise<void> {
    const roles = await store.listRoles(rows);
    const granting = roles.filter(({ id, permissions }) => holds(permissionsOf(id, permissions), permission));
    await this.#insert(
      rows,
      await store.holdersOf(
        rows,
        granting.map(({ id }) => id),
      ),
      note,
    );
  }

  /** Newest first. `unread` counts all of them. */
  async list(
    actor: UserActor,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: ActivityItem[]; nextCursor: string | null; unread: number }> {
    const userId = actor.userId;
    const [found, unread] = await Promise.all([
      store.list(this.#database, { userId, before: z.uuid().safeParse(cursor).data ?? null, limit: limit + 1 }),
      store.countUnread(this.#database, userId),
    ]);
    const items = found.slice(0, limit).map((row) =>
      activityItem.parse({
        ...row,
        href: withHref.parse(row.data).href,
        createdAt: row.createdAt.toISOString(),
        readAt: row.readAt?.toISOString() ?? null,
      }),
    );
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null, unread };
  }

  /** All up to and with `upTo` have been seen. Returns how many had not. */
  markRead(actor: UserActor, upTo: string): Promise<number> {
    return store.markRead(this.#database, { userId: actor.userId, upTo, at: this.#now() });
  }

  async #insert(rows: Rows, userIds: readonly string[], { kind, data = {}, href }: ActivityNote): Promise<void> {
    const plain = jsonObject.parse(JSON.parse(JSON.stringify({ ...data, ...(href !== undefined && { href }) })));
    await store.insert(
      rows,
      userIds.map((userId) => ({ id: uuidv7(), userId, kind, data: plain })),
    );
    for (const userId of userIds) await store.trim(rows, { userId, keep: keptMax });
  }
}
