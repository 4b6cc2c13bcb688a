import { z } from 'zod';

import {
  removalDecision,
  removalInput,
  removalPage,
  removalReceipt,
  removalRequest,
  removalStatus,
} from '#server/contracts/removal.ts';
import { permitted, permittedForSome, publicProcedure, router } from '#server/platform/trpc.ts';

import type { RemovalsService } from './service.ts';

const byId = z.strictObject({ id: z.uuid() });

export function createRemovalsRouter(removals: RemovalsService) {
  return router({
    request: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/removals',
          tags: ['removals'],
          summary: 'Ask for a removal or a mask',
          description:
            'Anybody whom a camera shows may ask. The key in the answer opens the page on which the decision is read.',
        },
        rest: { status: 201 },
      })
      .input(removalInput)
      .output(removalReceipt)
      .mutation(({ ctx, input }) => removals.request(ctx.actor, input, ctx)),

    status: publicProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/removals/{id}',
          tags: ['removals'],
          summary: 'Read what became of a request',
          description: 'For whoever holds the key that the request was answered with.',
        },
      })
      .input(z.object({ id: z.string().max(100), key: z.string().max(100) }))
      .output(removalStatus.nullable())
      .query(({ input }) => removals.status(input.id, input.key)),

    list: permitted('removal:decide')
      .meta({
        openapi: {
          method: 'GET',
          path: '/removals',
          tags: ['removals'],
          summary: 'List requests for removal',
          description: 'Open ones, the oldest first, or decided ones, the newest first; a page at a time.',
        },
      })
      .input(
        z.object({
          which: z.enum(['open', 'decided']),
          cursor: z.uuid().nullish(),
          limit: z.int().min(1).max(200).optional(),
        }),
      )
      .output(removalPage)
      .query(({ ctx, input: { cursor, ...query } }) => removals.list(ctx.actor, { ...query, after: cursor })),

    decide: permitted('removal:decide')
      .meta({
        openapi: {
          method: 'POST',
          path: '/removals/{id}/decision',
          tags: ['removals'],
          summary: 'Decide a request for removal',
          description: 'Accepted: the camera is taken down or masked. Refused: with a note that says why.',
        },
      })
      .input(removalDecision)
      .output(removalRequest)
      .mutation(({ ctx, input }) => removals.decide(ctx.actor, input)),

    reopen: permitted('removal:decide')
      .meta({
        openapi: {
          method: 'POST',
          path: '/removals/{id}/reopen',
          tags: ['removals'],
          summary: 'Reopen a decided request',
          description: 'A camera that was taken down stays down until it is decided anew.',
        },
      })
      .input(byId)
      .output(removalRequest)
      .mutation(({ ctx, input }) => removals.reopen(ctx.actor, input.id)),

    eraseRecordings: permittedForSome('recording:erase')
      .meta({
        openapi: {
          method: 'POST',
          path: '/removals/{id}/erase-recordings',
          tags: ['removals'],
          summary: "Erase a camera's recordings",
          description:
            'Erases what was recorded of the camera that the request names, for good. `name` is the name of the camera, typed to confirm.',
        },
      })
      .input(byId.extend({ name: z.string().max(200) }))
      .output(z.object({ erased: z.literal(true) }))
      .mutation(({ ctx, input }) => removals.eraseRecordings(ctx.actor, input)),

    /** `id`: the camera's. */
    eraseCamera: permittedForSome('recording:erase')
      .meta({
        openapi: {
          method: 'POST',
          path: '/cameras/{id}/erase',
          tags: ['removals'],
          summary: 'Erase a camera and its recordings',
          description: 'For good. `name` is the name of the camera, typed to confirm.',
        },
      })
      .input(byId.extend({ name: z.string().max(200) }))
      .output(z.object({ erased: z.literal(true) }))
      .mutation(({ ctx, input }) => removals.eraseCamera(ctx.actor, input)),
  });
}
