import { health, systemStatus } from '#server/contracts/system-status.ts';
import { ownerProcedure, publicProcedure, router } from '#server/platform/trpc.ts';

import type { SystemReport } from './system-report.ts';

export function createSystemRouter(system: SystemReport) {
  return router({
    health: publicProcedure
      .meta({ openapi: { method: 'GET', path: '/health', tags: ['system'], summary: 'Whether the house is well' } })
      .output(health)
      .query(() => system.health()),

    status: ownerProcedure.output(systemStatus).query(() => system.status()),
  });
}
