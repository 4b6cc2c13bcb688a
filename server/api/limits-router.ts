import { z } from 'zod';

import { limitRow } from '#server/contracts/access.ts';
import { noteChange } from '#server/platform/change-note.ts';
import { limits as table } from '#server/platform/limits.ts';
import { permitted, router } from '#server/platform/trpc.ts';

import type { House } from './house.ts';

const limitNames = Object.keys(table);

const clearInput = z.strictObject({
  limit: z.string().refine((name): name is keyof typeof table => limitNames.includes(name), 'no such limit'),
  client: z.string().min(1).max(100),
});

/** Who came up against a limit of requests in the gateway that answers. */
export function createLimitsRouter({ limits, access }: Pick<House, 'limits' | 'access'>) {
  const list = async () => {
    const rows = limits.refused();
    const names = await access.clientNames(rows.map(({ client }) => client));
    return rows.map((row) => Object.assign({ name: names.get(row.client) ?? null }, row));
  };
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
      .query(list),

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
        return list();
      }),
  });
}
