import { IdentityService } from '#server/identity/service.ts';
import type { ServerEnv } from '#server/platform/env.ts';
import type { Logger } from '#server/platform/log.ts';
import { openPlatform, type Platform } from '#server/platform/platform.ts';
import { RecordingsService } from '#server/recordings/service.ts';
import { SourcesService } from '#server/sources/service.ts';
import { StreamsService, type StreamsOptions } from '#server/streams/service.ts';

/** The domains of one process, joined. */
export interface House {
  platform: Platform;
  identity: IdentityService;
  sources: SourcesService;
  streams: StreamsService;
  recordings: RecordingsService;
}

export function openHouse(
  env: ServerEnv,
  log: Logger,
  options: { connectionsMax?: number; onLeaseChange?: StreamsOptions['onLeaseChange'] } = {},
): House {
  const { onLeaseChange, ...pool } = options;
  const platform = openPlatform(env, log, pool);
  const { database, events, sealer } = platform;
  const identity = new IdentityService({ database, events });
  const sources = new SourcesService({ database, events, sealer, identity, log });
  const streams = new StreamsService({
    database,
    events,
    sources,
    log,
    secret: env.INTERNAL_SECRET,
    ...(onLeaseChange && { onLeaseChange }),
  });
  return { platform, identity, sources, streams, recordings: new RecordingsService({ database }) };
}
