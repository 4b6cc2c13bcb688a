import { join } from 'node:path';

import { EarthService } from '#server/earth/service.ts';
import { FeedsService } from '#server/feeds/service.ts';
import { IdentityService } from '#server/identity/service.ts';
import type { ServerEnv } from '#server/platform/env.ts';
import type { Logger } from '#server/platform/log.ts';
import { openPlatform, type Platform } from '#server/platform/platform.ts';
import { RecordingsService } from '#server/recordings/service.ts';
import { RemovalsService } from '#server/removals/service.ts';
import { SourcesService } from '#server/sources/service.ts';
import { StreamsService, type StreamsOptions } from '#server/streams/service.ts';

/** The domains of one process, joined. */
export interface House {
  platform: Platform;
  identity: IdentityService;
  sources: SourcesService;
  streams: StreamsService;
  recordings: RecordingsService;
  earth: EarthService;
  removals: RemovalsService;
  feeds: FeedsService;
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
  const { database, events, sealer } = platform;
  const identity = new IdentityService({ database, events });
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
    cameras: sources,
    eraseLog: async (id) => {
      const isErased = streams.erase(id);
      if (isErased) await recordings.forget(id);
      return isErased;
    },
    log,
    secret: env.INTERNAL_SECRET,
  });
  const localSources = env.ALLOWED_SOURCE_CIDRS.length > 0;
  return { platform, identity, sources, streams, recordings, earth, removals, feeds, localSources };
}
