import { health, systemStatus } from '#server/contracts/system-status.ts';
import { neverAborted, permitted, publicProcedure, router } from '#server/platform/trpc.ts';

import { watchStatus } from './live-status.ts';
import type { SystemReport } from './system-report.ts';

export function createSystemRouter(system: SystemReport) {
  return router({
    health: publicProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/health',
          tags: ['system'],
          summary: 'Whether the house is well',
          description: 'For load balancers and monitors. 503, with the same body, while nobody can be served.',
        },
        rest: { statusOf: (answer) => (health.parse(answer).status === 'down' ? 503 : 200) },
      })
      .output(health)
      .query(() => system.health()),

    status: permitted('system:view')
      .meta({
        openapi: {
          method: 'GET',
          path: '/system/status',
          tags: ['system'],
          summary: 'Processes, streams, storage and what is missing',
          description: 'What the status page shows.',
        },
      })
      .output(systemStatus)
      .query(() => system.status()),

    watch: permitted('system:view').subscription(({ signal = neverAborted() }) => watchStatus(system, { signal })),
  });
}
