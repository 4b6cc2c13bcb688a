import { v7 as uuidv7 } from 'uuid';

import { viewAsCookie } from '#server/contracts/account.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { isId } from '#server/contracts/ids.ts';
import { AppError } from '#server/platform/app-error.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Database } from '#server/platform/transaction.ts';
import type { AnswerCookie } from '#server/platform/trpc.ts';

import type { IdentityService } from '../service.ts';
import { authorize, mayLookAs, standsAbove } from './standing.ts';
import * as store from './store.ts';

const viewMinutes = 30;

interface Options {
  database: Database;
  now: () => Date;
  identity: Pick<IdentityService, 'actorOf'>;
}

/** An admin looks at the house as somebody else: for half an hour, and nothing can be written meanwhile. */
export class Views {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async begin(
    actor: Actor,
    id: string,
    from: { ip: string | null; userAgent: string | null },
  ): Promise<{ cookie: AnswerCookie; until: string; name: string }> {
    authorize(actor, 'user:admin');
    if (actor.credential.kind !== 'session')
      throw new AppError('FORBIDDEN', { message: 'only who sits at a browser looks', details: { reason: 'session' } });
    const { database, now } = this.#options;
    const person = await store.findUser(database, id, now());
    if (!person) throw new AppError('NOT_FOUND', { message: `no person ${id}` });
    if (!standsAbove(actor, person))
      throw new AppError('FORBIDDEN', {
        message: `${id} holds more than who asks`,
        details: { reason: 'moreThanHeld' },
      });
    if (person.lockedAt)
      throw new AppError('CONFLICT', { message: `${id} is locked and sees nothing`, details: { reason: 'locked' } });
    const sessionId = uuidv7();
    const expiresAt = new Date(now().getTime() + viewMinutes * 60_000);
    const userAgent = from.userAgent?.slice(0, 300) ?? null;
    await store.insertView(database, {
      id: sessionId,
      userId: id,
      viewedBy: actor.userId,
      expiresAt,
      userAgent,
      ip: from.ip,
    });
    noteChange({ object: { type: 'user', id }, details: { until: expiresAt.toISOString(), sessionId } });
    return {
      cookie: { name: viewAsCookie, value: sessionId, path: '/', maxAgeSeconds: viewMinutes * 60 },
      until: expiresAt.toISOString(),
      name: person.name,
    };
  }

  /**
   * Whom `admin`, whose own cookie was checked, looks at the house as by `cookie`; else the admin themselves. The cookie only chooses among the looks
   * that this admin began, so it opens nothing to who finds it.
   */
  async actorOf(admin: Actor, cookie: string | null): Promise<Actor> {
    if (cookie === null || !isId(cookie) || admin.type !== 'user' || admin.viewedBy !== null) return admin;
    const viewed = await this.#options.identity.actorOf(cookie);
    const may = viewed.type === 'user' && admin.credential.kind === 'session' && mayLookAs(admin, viewed);
    return may ? viewed : admin;
  }
}
