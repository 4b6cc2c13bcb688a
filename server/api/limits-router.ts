import { z } from 'zod';

import { limitRow } from '#server/contracts/access.ts';
import { noteChange } from '#server/platform/change-note.ts';
import type { Limits } from '#server/platform/limits-counter.ts';
import { limits as table } from '#server/platform/limits.ts';
import { permitted, router } from '#server/platform/trpc.ts';

const limitNames = Object.keys(table);

const clearInput = z.object({
  limit: z.string().refine((name): name is keyof typeof table => limitNames.includes(name), 'no such limit'),
  client: z.string().min(1).max(100),
});

/** Who came up against a limit of requests in the gateway that answers. */
export function createLimitsRouter(limits: Limits) {
  return router({
    list: permitted('user:admin')
      .meta({
        openapi: {
          method: 'GET',
          path: '/limits',
          tags: ['users'],
          summary: 'List clients that came up against a limit',
          description: 'Those of the gateway that answers.',
        },
      })
      .output(z.array(limitRow))
      .query(() => limits.refused()),

    /** Counts a client anew. */
    clear: permitted('user:admin')
      .meta({
        openapi: {
          method: 'POST',
          path: '/limits/clear',
          tags: ['users'],
          summary: 'Count a client anew',
          description: 'It may ask again at once.',
        },
      })
      .input(clearInput)
      .output(z.array(limitRow))
      .mutation(async ({ input }) => {
        const before = limits.refused().find((row) => row.limit === input.limit && row.client === input.client);
        await limits.clear(input.limit, input.client);
        noteChange({
          object: { type: 'limit', id: `${input.limit} ${input.client}` },
          before: before ?? null,
          after: null,
        });
        return limits.refused();
      }),
  });
}
