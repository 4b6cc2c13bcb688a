import { randomInt, randomUUID } from 'node:crypto';

import type { UserActor } from '#server/contracts/identity.ts';
import { ActivityService } from '#server/identity/activity/service.ts';
import { AuditService } from '#server/identity/audit/service.ts';
import { PasskeysService } from '#server/identity/passkeys/service.ts';
import { hashPassword } from '#server/identity/passwords.ts';
import { SecondFactorService } from '#server/identity/second-factor/service.ts';
import { IdentityService } from '#server/identity/service.ts';
import { SignInService, type Arrival } from '#server/identity/sign-in/service.ts';
import type { EventBus } from '#server/platform/events.ts';
import { Outbox } from '#server/platform/outbox.ts';
import { createSealer } from '#server/platform/sealed.ts';
import type { Database } from '#server/platform/transaction.ts';

import { aBus, silentLog } from './factories.ts';

export const rightPassword = 'correct horse battery';
export const wrongPassword = 'wrong horse battery';

interface EntranceOptions {
  now?: () => Date;
  events?: EventBus;
  publicUrl?: string | null;
  mailLeaves?: boolean;
}

/** The part of the house that people come in by, as one process holds it. Mail is kept. */
export function anEntrance(database: Database, options: EntranceOptions = {}) {
  const { now = () => new Date(), events = aBus(), publicUrl = null, mailLeaves = false } = options;
  const sealer = createSealer('a key for tests only');
  const outbox = new Outbox({ sealer, kept: mailLeaves ? [] : ['mail'], now });
  const activity = new ActivityService({ database, now });
  const identity = new IdentityService({ database, events, now });
  const secondFactor = new SecondFactorService({ database, sealer, activity, now });
  const passkeys = new PasskeysService({ database, activity, publicUrl, now });
  const signIn = new SignInService({
    database,
    events,
    sealer,
    outbox,
    activity,
    audit: new AuditService({ database, now }),
    secondFactor,
    passkeys,
    log: silentLog,
    now,
  });
  return { identity, secondFactor, passkeys, signIn };
}

/** Somebody with the right password; null: with none. */
export async function aPerson(
  database: Database,
  overrides: { email?: string; userName?: string; password?: string | null } = {},
): Promise<{ id: string; email: string; userName: string; name: string }> {
  const id = randomUUID();
  const { email = `${id}@example.org`, userName = `u-${id}`, password = rightPassword } = overrides;
  const passwordHash = password === null ? null : await hashPassword(password);
  const person = { id, email, userName, name: 'Aya Tanaka' };
  await database.user.create({ data: { ...person, passwordHash, emailConfirmedAt: new Date() } });
  return person;
}

/** A browser in a network of its own (of those for benches, RFC 2544) unless it is told. */
export function anArrival(overrides: Partial<Arrival> = {}): Arrival {
  return {
    ip: `198.${randomInt(18, 20)}.${randomInt(256)}.${randomInt(256)}`,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    actor: { type: 'anonymous' },
    ...overrides,
  };
}

/** Who a session is, who must be somebody. */
export async function userOf(identity: IdentityService, sessionId: string): Promise<UserActor> {
  const actor = await identity.actorOf(sessionId);
  if (actor.type !== 'user') throw new Error('the session is nobody');
  return actor;
}
