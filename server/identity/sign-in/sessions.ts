import { v7 as uuidv7 } from 'uuid';

import type { SessionView } from '#server/contracts/account.ts';
import { userId as brandedUserId } from '#server/contracts/ids.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Events } from '#server/platform/events.ts';
import { putMail } from '#server/platform/mail.ts';
import type { Outbox } from '#server/platform/outbox.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import { mailTo } from '../people/mails.ts';
import { deviceWords } from './device-words.ts';
import { isKnownBrowser, withKnownPerson } from './known-browser.ts';
import * as store from './store.ts';

const sessionDays = 30;
/** Rows of ended sessions go after this; the audit log remembers. */
const deadDays = 30;
/** Of one person in force; the oldest end. */
const sessionsMax = 50;
const dayMs = 86_400_000;

interface Options {
  database: Database;
  events: Events;
  sealer: Sealer;
  outbox: Outbox;
  activity: Pick<ActivityService, 'tell'>;
  now: () => Date;
}

interface Opening {
  userId: string;
  method: string;
  ip: string | null;
  userAgent: string | null;
  /** The admin who looks at the house as this person. */
  viewedBy?: string | null;
}

/** Sign-ins of browsers: opened, listed, ended. */
export class Sessions {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** A session for somebody who has proved who they are. Its id is new each time; it belongs into the cookie alone. */
  async open({
    userId,
    method,
    ip,
    userAgent,
    viewedBy = null,
  }: Opening): Promise<{ sessionId: string; expiresAt: Date }> {
    const { database, now } = this.#options;
    const at = now();
    const sessionId = uuidv7();
    const expiresAt = new Date(at.getTime() + sessionDays * dayMs);
    await store.insertSession(database, {
      id: sessionId,
      userId,
      method,
      ip,
      userAgent: userAgent?.slice(0, 300) ?? null,
      viewedBy,
      createdAt: at,
      lastSeenAt: at,
      // Who looks on as another has proved nothing of that other.
      provedAt: viewedBy === null ? at : new Date(0),
      expiresAt,
    });
    await store.deleteDeadSessions(database, userId, new Date(at.getTime() - deadDays * dayMs));
    const inForce = await store.listSessions(database, userId, at);
    for (const { id } of inForce.slice(sessionsMax)) await this.#end({ userId, id });
    return { sessionId, expiresAt };
  }

  /** Notes the sign-in, tells of a browser that is new, and gives the cookie by which it is known from now on. */
  async greet(
    person: Pick<store.CredentialRow, 'id' | 'email' | 'locale' | 'timeZone' | 'lastSignInAt'>,
    from: { ip: string | null; userAgent: string | null; device?: string | undefined },
  ): Promise<string> {
    const { database, sealer, activity, outbox, now } = this.#options;
    // The first one ever is no surprise.
    const isNew = person.lastSignInAt !== null && !isKnownBrowser(sealer, from.device, person.id);
    if (!isNew) await store.noteSignIn(database, person.id, now());
    else
      await inTransaction(database, async (rows) => {
        await store.noteSignIn(rows, person.id, now());
        const device = deviceWords(from.userAgent);
        const data = { device, ip: from.ip };
        await activity.tell(rows, { userId: person.id, kind: 'signIn.newDevice', data, href: '/account' });
        await putMail(outbox, rows, mailTo(person, { kind: 'newDevice', device, ip: from.ip, at: now() }));
      });
    return withKnownPerson(sealer, from.device, person.id);
  }

  /** Those in force, newest first. `currentId`: the one that asks; null: somebody else does. */
  async list(userId: string, currentId: string | null): Promise<SessionView[]> {
    const { database, now } = this.#options;
    const found = await store.listSessions(database, userId, now());
    return found.map((row) => ({
      id: row.id,
      current: row.id === currentId,
      device: deviceWords(row.userAgent),
      ip: row.ip,
      method: row.method,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
    }));
  }

  async revoke(userId: string, id: string): Promise<void> {
    if ((await this.#end({ userId, id })) === 0) throw new AppError('NOT_FOUND', { message: 'no such session' });
  }

  /** Ends all of a person's sessions, `keep` aside. Returns how many. */
  revokeAll(userId: string, { keep }: { keep?: string | undefined } = {}): Promise<number> {
    return this.#end({ userId, ...(keep !== undefined && { notId: keep }) });
  }

  /** Ends it where it is still in force. */
  async end(userId: string, id: string): Promise<void> {
    await this.#end({ userId, id });
  }

  async #end(which: { userId: string; id?: string; notId?: string }): Promise<number> {
    const { database, events, now } = this.#options;
    const ended = await store.revokeSessions(database, which, now());
    for (const sessionId of ended)
      events.publish({ type: 'session.revoked', sessionId, userId: brandedUserId.parse(which.userId) });
    return ended.length;
  }
}
