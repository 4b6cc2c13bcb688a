import { createIdentityRouter } from '#server/identity/router.ts';
import { router } from '#server/platform/trpc.ts';
import { createCamerasRouter } from '#server/sources/router.ts';

import type { House } from './house.ts';
import type { SystemReport } from './system-report.ts';
import { createSystemRouter } from './system-router.ts';

/** Every procedure there is. */
export function createAppRouter({ identity, sources, streams }: House, system: SystemReport) {
  return router({
    identity: createIdentityRouter(identity),
    cameras: createCamerasRouter(sources, {
      diagnose: (input) => streams.diagnose(input),
      states: (streamIds) => streams.states(streamIds),
    }),
    system: createSystemRouter(system),
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;
