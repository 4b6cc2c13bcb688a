import { z } from 'zod';

import { feedId, feedView, importFile, importFormat, importPreview, importRun } from '#server/contracts/feeds.ts';
import { ownerProcedure, publicProcedure, router } from '#server/platform/trpc.ts';

import type { FeedsService } from './service.ts';

const byId = z.object({ id: z.uuid() });
const started = z.object({ runId: z.uuid() });

export function createFeedsRouter(feeds: FeedsService) {
  return router({
    /** For everybody: attribution is shown with it. */
    list: publicProcedure
      .meta({ openapi: { method: 'GET', path: '/feeds', tags: ['feeds'], summary: 'List public camera feeds' } })
      .input(z.void())
      .output(z.array(feedView))
      .query(({ ctx }) => feeds.list(ctx.actor)),

    choose: ownerProcedure
      .input(z.object({ answer: z.enum(['wanted', 'refused']) }))
      .output(z.void())
      .mutation(({ ctx, input }) => feeds.choose(ctx.actor, input.answer)),

    setEnabled: ownerProcedure
      .input(z.object({ id: feedId, enabled: z.boolean() }))
      .output(z.void())
      .mutation(({ ctx, input }) => feeds.setEnabled(ctx.actor, input)),

    readNow: ownerProcedure
      .input(z.object({ id: feedId, acceptFewer: z.boolean().optional() }))
      .output(started)
      .mutation(({ ctx, input }) => feeds.readNow(ctx.actor, input)),

    run: ownerProcedure
      .input(byId)
      .output(importRun)
      .query(({ ctx, input }) => feeds.run(ctx.actor, input.id)),

    runs: ownerProcedure
      .input(z.object({ limit: z.int().min(1).max(100).optional() }))
      .output(z.array(importRun))
      .query(({ ctx, input }) => feeds.runs(ctx.actor, input.limit ?? 20)),

    cancelRun: ownerProcedure
      .input(byId)
      .output(importRun)
      .mutation(({ ctx, input }) => feeds.cancelRun(ctx.actor, input.id)),

    /** Whether the internet answers. */
    online: ownerProcedure
      .output(z.object({ online: z.boolean() }))
      .query(async ({ ctx }) => ({ online: await feeds.online(ctx.actor) })),

    /** A mutation because of the size of what it carries. */
    previewFile: ownerProcedure
      .input(importFile)
      .output(importPreview)
      .mutation(({ ctx, input }) => feeds.files.preview(ctx.actor, input)),

    importFile: ownerProcedure
      .input(importFile)
      .output(started)
      .mutation(({ ctx, input }) => feeds.files.start(ctx.actor, input)),

    exportFile: ownerProcedure
      .input(z.object({ format: importFormat }))
      .output(z.object({ name: z.string(), mediaType: z.string(), text: z.string() }))
      .query(({ ctx, input }) => feeds.files.export(ctx.actor, input.format)),

    /** Every line that was left out, as CSV. */
    report: ownerProcedure
      .input(z.object({ runId: z.uuid() }))
      .output(z.string())
      .query(({ ctx, input }) => feeds.report(ctx.actor, input.runId)),
  });
}
