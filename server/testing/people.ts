import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { HouseEvent } from '#server/contracts/events.ts';
import type { UserActor } from '#server/contracts/identity.ts';
import { ActivityService } from '#server/identity/activity/service.ts';
import { AuditService } from '#server/identity/audit/service.ts';
import { PasskeysService } from '#server/identity/passkeys/service.ts';
import { PeopleService, type PeopleEnv } from '#server/identity/people/service.ts';
import { SecondFactorService } from '#server/identity/second-factor/service.ts';
import { IdentityService } from '#server/identity/service.ts';
import { SignInService } from '#server/identity/sign-in/service.ts';
import { mail, type Mail } from '#server/platform/mail.ts';
import { Outbox } from '#server/platform/outbox.ts';
import { createSealer } from '#server/platform/sealed.ts';
import { writeSetting } from '#server/platform/settings.ts';
import type { Database } from '#server/platform/transaction.ts';

import { aBus, silentLog } from './factories.ts';

export const aPassword = 'correct horse battery';
export const nextPassword = 'a staple of another horse';
export const aMail = () => `${randomUUID()}@example.org`;
const from = { ip: '192.0.2.1', userAgent: 'a browser' };

/** Accounts as a house has them, on a clock that is turned by hand, with a folder of its own for pictures. */
export async function aPeople(database: Database, options: { mailLeaves?: boolean; env?: Partial<PeopleEnv> } = {}) {
  const clock = { time: Date.now() };
  const now = () => new Date(clock.time);
  const dir = await mkdtemp(join(tmpdir(), 'people-'));
  const events = aBus();
  const told: HouseEvent[] = [];
  events.onPublished((event) => void told.push(event));
  const sealer = createSealer('a key for tests only');
  const outbox = new Outbox({ sealer, kept: options.mailLeaves === false ? ['mail'] : [], now });
  const log = silentLog;
  const identity = new IdentityService({ database, events, now });
  const activity = new ActivityService({ database, now });
  const secondFactor = new SecondFactorService({ database, sealer, activity, now });
  const passkeys = new PasskeysService({ database, activity, publicUrl: null, now });
  const signIn = new SignInService({
    database,
    events,
    sealer,
    outbox,
    activity,
    audit: new AuditService({ database, now }),
    log,
    now,
    secondFactor,
    passkeys,
  });
  const people = new PeopleService({
    database,
    events,
    outbox,
    identity,
    activity,
    log,
    now,
    requireProof: (actor, given, by) => signIn.requireProof(actor, given, by),
    env: {
      PUBLIC_URL: 'https://cameras.example.org',
      PORT: 3000,
      TLS_CERT: undefined,
      DATA_DIR: dir,
      NEXTAUTH_SECRET: 'a secret for tests',
      OIDC_ISSUER: undefined,
      OIDC_NAME: 'OIDC',
      ...options.env,
    },
  });

  const mailsTo = async (address: string): Promise<Mail[]> => {
    const items = await database.outboxItem.findMany({ where: { kind: 'mail' }, orderBy: { id: 'asc' } });
    return items.map((item) => mail.parse(outbox.open(item))).filter(({ to }) => to === address);
  };
  /** The last link that was sent to an address. */
  const linkTo = async (address: string): Promise<{ page: string; token: string }> => {
    const links = (await mailsTo(address)).map(({ text }) => /^https?:\/\/[^/]+(\/.*)#token=(\S+)$/m.exec(text));
    const [, page, token] = links.findLast((link) => link !== null) ?? [];
    if (page === undefined || token === undefined) throw new Error(`no link was sent to ${address}`);
    return { page, token };
  };
  const signUp = (email: string, more: { name?: string; userName?: string; invitation?: string } = {}) =>
    people.signUps.signUp({ email, password: aPassword, name: 'Aya Tanaka', ...more });
  const signInAs = async (email: string, password = aPassword): Promise<UserActor> => {
    const { sessionId } = await signIn.signIn({ email, password }, { ...from, actor: { type: 'anonymous' } });
    const actor = await identity.actorOf(sessionId);
    if (actor.type !== 'user') throw new Error('a new session is of nobody');
    return actor;
  };

  return {
    people,
    identity,
    clock,
    dir,
    told,
    mailsTo,
    linkTo,
    signUp,
    signInAs,
    from,
    /** An account with a confirmed address, signed in. `roleId`: what it holds for everything. */
    aPerson: async (more: { email?: string; name?: string; roleId?: string } = {}): Promise<UserActor> => {
      const email = more.email ?? `${randomUUID()}@example.org`;
      await writeSetting(database, 'signUp', 'open');
      await signUp(email, { name: more.name ?? 'Aya Tanaka' });
      await people.signUps.confirmEmail((await linkTo(email)).token);
      if (more.roleId !== undefined) {
        const { id: userId } = await database.user.findUniqueOrThrow({ where: { email } });
        await database.userRole.create({ data: { id: randomUUID(), userId, roleId: more.roleId } });
      }
      return signInAs(email);
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
