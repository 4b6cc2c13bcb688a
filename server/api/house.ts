import { join } from 'node:path';

import type { Actor } from '#server/contracts/identity.ts';
import { isId } from '#server/contracts/ids.ts';
import { EarthService } from '#server/earth/service.ts';
import { FeedsService } from '#server/feeds/service.ts';
import { AccessService } from '#server/identity/access/service.ts';
import { ActivityService } from '#server/identity/activity/service.ts';
import { AuditService } from '#server/identity/audit/service.ts';
import { MailService } from '#server/identity/mail/service.ts';
import { PasskeysService } from '#server/identity/passkeys/service.ts';
import { PeopleService } from '#server/identity/people/service.ts';
import { SecondFactorService } from '#server/identity/second-factor/service.ts';
import { IdentityService } from '#server/identity/service.ts';
import { SignInService } from '#server/identity/sign-in/service.ts';
import { TokensService } from '#server/identity/tokens/service.ts';
import { inRanges } from '#server/platform/address-ranges.ts';
import type { ServerEnv } from '#server/platform/env.ts';
import { houseOrigin } from '#server/platform/house-origin.ts';
import { Limits } from '#server/platform/limits-counter.ts';
import type { Logger } from '#server/platform/log.ts';
import { openPlatform, type Platform } from '#server/platform/platform.ts';
import { isPublicAddress } from '#server/platform/reserved-addresses.ts';
import { RecordingsService } from '#server/recordings/service.ts';
import { RemovalsService } from '#server/removals/service.ts';
import { SourcesService } from '#server/sources/service.ts';
import { StreamsService, type StreamsOptions } from '#server/streams/service.ts';
import { WebhooksService } from '#server/webhooks/service.ts';

/** The domains of one process, joined. */
export interface House {
  platform: Platform;
  /** Counts of requests; the gateway's are the ones that refuse. */
  limits: Limits;
  identity: IdentityService;
  audit: AuditService;
  /** What admins do about people, roles and settings. */
  access: AccessService;
  activity: ActivityService;
  mail: MailService;
  secondFactor: SecondFactorService;
  passkeys: PasskeysService;
  signIn: SignInService;
  people: PeopleService;
  /** Null for what is no guest's token in its time. */
  readGuest: (token: string) => Promise<Actor | null>;
  tokens: TokensService;
  sources: SourcesService;
  streams: StreamsService;
  recordings: RecordingsService;
  earth: EarthService;
  removals: RemovalsService;
  feeds: FeedsService;
  webhooks: WebhooksService;
  /** The operator lets cameras of the own network be read: only then it is called for them. */
  localSources: boolean;
}

export function openHouse(
  env: ServerEnv,
  log: Logger,
  options: { connectionsMax?: number; onLeaseChange?: StreamsOptions['onLeaseChange'] } = {},
): House {
  const { onLeaseChange, ...pool } = options;
  const platform = openPlatform(env, log, pool);
  const { database, events, sealer, outbox } = platform;
  const limits = new Limits({ redisUrl: env.REDIS_URL, factor: env.RATE_LIMIT_FACTOR, log });
  const identity = new IdentityService({ database, events });
  const audit = new AuditService({ database });
  const activity = new ActivityService({ database });
  const secondFactor = new SecondFactorService({ database, sealer, activity });
  const passkeys = new PasskeysService({ database, activity, publicUrl: env.PUBLIC_URL ?? null });
  const signIn = new SignInService({
    database,
    events,
    sealer,
    outbox,
    activity,
    audit,
    secondFactor,
    passkeys,
    log,
  });
  const people = new PeopleService({
    database,
    events,
    outbox,
    identity,
    activity,
    env,
    log,
    requireProof: (actor, given, from) => signIn.requireProof(actor, given, from),
  });
  const tokens = new TokensService({
    database,
    events,
    sealer,
    identity,
    audit,
    activity,
    log,
    checkPassword: (given, from) => signIn.checkPassword(given, from),
    secret: env.INTERNAL_SECRET,
    issuer: houseOrigin(env),
    accessTokenSeconds: env.ACCESS_TOKEN_SECONDS,
  });
  const mail = new MailService({ database, outbox, identity });
  const isOpened = inRanges(env.ALLOWED_WEBHOOK_CIDRS);
  const webhooks = new WebhooksService({
    database,
    events,
    outbox,
    sealer,
    identity,
    activity,
    log,
    isAllowed: (address) => isPublicAddress(address) || isOpened(address),
  });
  const sources = new SourcesService({ database, events, sealer, identity, log });
  const feeds = new FeedsService({ database, events, sealer, identity, sources, log });
  const streams = new StreamsService({
    database,
    events,
    sources,
    log,
    secret: env.INTERNAL_SECRET,
    feedLimits: feeds.feedLimits(),
    looks: {
      dir: join(env.DATA_DIR, 'looks'),
      perMinute: env.LOOKS_PER_MINUTE,
      bytesPerSecond: env.LOOK_BYTES_PER_SECOND,
    },
    ...(onLeaseChange && { onLeaseChange }),
  });
  const recordings = new RecordingsService({ database });
  const earth = new EarthService({ sources, streams, recordings, identity, events, log });
  const removals = new RemovalsService({
    database,
    identity,
    activity,
    cameras: sources,
    eraseLog: async (id) => {
      const isErased = streams.erase(id);
      if (isErased) await recordings.forget(id);
      return isErased;
    },
    log,
    secret: env.INTERNAL_SECRET,
  });
  const access = new AccessService({
    database,
    events,
    identity,
    activity,
    objectTypes: { camera: async (id) => isId(id) && (await sources.subject(id)) !== null },
    sendReset: (email) => people.passwords.requestReset(email),
  });
  const localSources = env.ALLOWED_SOURCE_CIDRS.length > 0;
  return {
    platform,
    limits,
    identity,
    audit,
    access,
    activity,
    mail,
    secondFactor,
    passkeys,
    signIn,
    people,
    readGuest: (token) => people.guests.read(token),
    tokens,
    webhooks,
    sources,
    streams,
    recordings,
    earth,
    removals,
    feeds,
    localSources,
  };
}
