import { createEarthRouter } from '#server/earth/router.ts';
import { createFeedsRouter } from '#server/feeds/router.ts';
import { createIdentityRouter } from '#server/identity/router.ts';
import { router } from '#server/platform/trpc.ts';
import { createRemovalsRouter } from '#server/removals/router.ts';
import { createCamerasRouter } from '#server/sources/router.ts';

import { createDiscoveryRouter } from './discovery-router.ts';
import type { House } from './house.ts';
import type { SystemReport } from './system-report.ts';
import { createSystemRouter } from './system-router.ts';
import { createWelcomeRouter } from './welcome-router.ts';

/** Every procedure there is. */
export function createAppRouter(house: House, system: SystemReport) {
  const { identity, sources, streams, earth, feeds, removals } = house;
  return router({
    identity: createIdentityRouter(identity),
    cameras: createCamerasRouter(sources, {
      diagnose: (input) => streams.diagnose(input),
      states: (streamIds) => streams.states(streamIds),
    }),
    earth: createEarthRouter(earth),
    feeds: createFeedsRouter(feeds),
    discovery: createDiscoveryRouter(house),
    removals: createRemovalsRouter(removals),
    welcome: createWelcomeRouter(house),
    system: createSystemRouter(system),
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;
