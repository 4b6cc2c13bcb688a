import { join } from 'node:path';

import type { z } from 'zod';

import type { entranceState } from '#server/contracts/account.ts';
import type { ServerEnv } from '#server/platform/env.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Outbox } from '#server/platform/outbox.ts';
import { readSetting } from '#server/platform/settings.ts';
import type { Database } from '#server/platform/transaction.ts';

import type { ActivityService } from '../activity/service.ts';
import { InvitationsService } from '../invitations/service.ts';
import { siteOf } from '../passkeys/site.ts';
import type { IdentityService } from '../service.ts';
import { Departures } from './departures.ts';
import { EmailChanges } from './email-changes.ts';
import { Guests } from './guests.ts';
import { Letters } from './letters.ts';
import { Links, type OriginEnv } from './links.ts';
import { PasswordChanges } from './password-changes.ts';
import { Pictures } from './pictures.ts';
import { Profiles } from './profiles.ts';
import type { RequireProof } from './proofs.ts';
import { SignUps } from './sign-ups.ts';

export type PeopleEnv = OriginEnv & Pick<ServerEnv, 'DATA_DIR' | 'NEXTAUTH_SECRET' | 'OIDC_ISSUER' | 'OIDC_NAME'>;

interface Options {
  database: Database;
  events: Events;
  outbox: Outbox;
  identity: Pick<IdentityService, 'authorize' | 'isAllowed' | 'personActor'>;
  activity: Pick<ActivityService, 'tell'>;
  requireProof: RequireProof;
  env: PeopleEnv;
  log: Logger;
  now?: () => Date;
}

/** People and their accounts: how they come, what they say of themselves, how they go; and guests. */
export class PeopleService {
  readonly signUps: SignUps;
  readonly passwords: PasswordChanges;
  readonly emails: EmailChanges;
  readonly profiles: Profiles;
  readonly departures: Departures;
  readonly guests: Guests;
  readonly pictures: Pictures;
  readonly invitations: InvitationsService;
  readonly #letters: Letters;
  readonly #options: Options;

  constructor(options: Options) {
    const { activity, database, env, events, identity, outbox, requireProof } = options;
    const now = options.now ?? (() => new Date());
    const links = new Links({ env, log: options.log.child({ component: 'people' }) });
    const letters = new Letters({ outbox, links, now });
    this.#options = options;
    this.#letters = letters;
    this.pictures = new Pictures(join(env.DATA_DIR, 'pictures'));
    this.guests = new Guests({ secret: env.NEXTAUTH_SECRET, now });
    this.invitations = new InvitationsService({ database, identity, outbox, links, now });
    this.profiles = new Profiles({ database, events, pictures: this.pictures, now });
    const shared = { database, events, letters, requireProof, activity, now };
    this.signUps = new SignUps({ ...shared, invitations: this.invitations });
    this.passwords = new PasswordChanges(shared);
    this.emails = new EmailChanges(shared);
    this.departures = new Departures({ ...shared, profiles: this.profiles, pictures: this.pictures });
  }

  /** What the pages of signing in and up offer. */
  async entrance(): Promise<z.infer<typeof entranceState>> {
    const { database, env } = this.#options;
    return {
      signUp: await readSetting(database, 'signUp'),
      oidc: env.OIDC_ISSUER === undefined ? null : { name: env.OIDC_NAME },
      passkeys: siteOf(env.PUBLIC_URL ?? null).usable,
      mail: this.#letters.leave,
    };
  }
}
