import { z } from 'zod';

import { activityItem, type ActivityNews } from '#server/contracts/account.ts';
import type { UserActor } from '#server/contracts/identity.ts';
import { pageInput, pageOf } from '#server/contracts/page.ts';
import { accountProcedure, neverAborted, router } from '#server/platform/trpc.ts';

import type { ActivityService } from './service.ts';

type Watch = (of: { actor: UserActor; signal: AbortSignal }) => AsyncGenerator<ActivityNews>;

/** `watch`: known to the rooms above. */
export function createActivityRouter(activity: ActivityService, watch: Watch) {
  return router({
    /** How many are not read and the newest, at first and whenever either changes. */
    watch: accountProcedure.subscription(({ ctx, signal = neverAborted() }) => watch({ actor: ctx.actor, signal })),

    list: accountProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/account/activity',
          summary: 'What concerns you, newest first',
          tags: ['account'],
        },
      })
      .input(pageInput)
      .output(pageOf(activityItem).extend({ unread: z.int() }))
      .query(({ ctx, input }) => activity.list(ctx.actor, input)),

    /** All up to and with this one have been seen. */
    markRead: accountProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/account/activity/read',
          tags: ['account'],
          summary: 'Mark activity as read',
          description: 'All up to the entry that is named.',
        },
        unaudited: true,
      })
      .input(z.strictObject({ upTo: z.uuid() }))
      .output(z.object({ marked: z.int() }))
      .mutation(async ({ ctx, input }) => ({ marked: await activity.markRead(ctx.actor, input.upTo) })),
  });
}
