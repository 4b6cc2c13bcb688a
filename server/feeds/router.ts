import { z } from 'zod';

import {
  feedId,
  feedView,
  importFile,
  importFormat,
  importPreview,
  importRun,
  importRunPage,
  rejectedRow,
} from '#server/contracts/feeds.ts';
import { permitted, publicProcedure, router } from '#server/platform/trpc.ts';

import type { FeedsService } from './service.ts';

const byId = z.object({ id: z.uuid() });
const started = z.object({ runId: z.uuid() });

export function createFeedsRouter(feeds: FeedsService) {
  return router({
    /** For everybody: attribution is shown with it. */
    list: publicProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/feeds',
          tags: ['feeds'],
          summary: 'List public camera feeds',
          description:
            'Every list of public cameras that this house knows, its licence, and how its last reading went.',
        },
      })
      .input(z.void())
      .output(z.array(feedView))
      .query(({ ctx }) => feeds.list(ctx.actor)),

    choose: permitted('feed:write')
      .meta({
        openapi: {
          method: 'PUT',
          path: '/feeds/choice',
          tags: ['feeds'],
          summary: 'Answer whether public cameras are fetched',
          description: 'Until this is answered with `wanted` nothing is fetched from outside.',
        },
      })
      .input(z.strictObject({ answer: z.enum(['wanted', 'refused']) }))
      .output(z.void())
      .mutation(({ ctx, input }) => feeds.choose(ctx.actor, input.answer)),

    setEnabled: permitted('feed:write')
      .meta({
        openapi: {
          method: 'PUT',
          path: '/feeds/{id}',
          tags: ['feeds'],
          summary: 'Switch a feed on or off',
          description: 'Cameras of a feed that is switched off are no longer shown.',
        },
      })
      .input(z.strictObject({ id: feedId, enabled: z.boolean() }))
      .output(z.void())
      .mutation(({ ctx, input }) => feeds.setEnabled(ctx.actor, input)),

    readNow: permitted('feed:write')
      .meta({
        openapi: {
          method: 'POST',
          path: '/feeds/{id}/runs',
          tags: ['feeds'],
          summary: 'Read a feed now',
          description:
            'Begins at once; the run tells how it goes. `acceptFewer` takes a list that lost more than half of its cameras.',
        },
        rest: { status: 202 },
      })
      .input(z.strictObject({ id: feedId, acceptFewer: z.boolean().optional() }))
      .output(started)
      .mutation(({ ctx, input }) => feeds.readNow(ctx.actor, input)),

    run: permitted('feed:write')
      .meta({
        openapi: {
          method: 'GET',
          path: '/imports/{id}',
          tags: ['feeds'],
          summary: 'Get a run',
          description: 'Progress and outcome of reading a feed or a file.',
        },
      })
      .input(byId)
      .output(importRun)
      .query(({ ctx, input }) => feeds.run(ctx.actor, input.id)),

    runs: permitted('feed:write')
      .meta({
        openapi: {
          method: 'GET',
          path: '/imports',
          tags: ['feeds'],
          summary: 'List runs',
          description: 'Readings of feeds and files, newest first, a page at a time.',
        },
      })
      .input(z.object({ cursor: z.string().max(200).nullish(), limit: z.int().min(1).max(100).default(20) }))
      .output(importRunPage)
      .query(({ ctx, input }) => feeds.runs(ctx.actor, input)),

    cancelRun: permitted('feed:write')
      .meta({
        openapi: {
          method: 'POST',
          path: '/imports/{id}/cancel',
          tags: ['feeds'],
          summary: 'Cancel a run',
          description: 'What it has added so far stays.',
        },
      })
      .input(byId.strict())
      .output(importRun)
      .mutation(({ ctx, input }) => feeds.cancelRun(ctx.actor, input.id)),

    /** Whether the internet answers. */
    online: permitted('feed:write')
      .meta({
        openapi: {
          method: 'GET',
          path: '/feeds/online',
          tags: ['feeds'],
          summary: 'Whether the internet answers',
          description: 'Asks one feed host, and remembers the answer for a moment.',
        },
      })
      .output(z.object({ online: z.boolean() }))
      .query(async ({ ctx }) => ({ online: await feeds.online(ctx.actor) })),

    /** A mutation because of the size of what it carries. */
    previewFile: permitted('feed:write')
      .meta({ unaudited: true })
      .meta({
        openapi: {
          method: 'POST',
          path: '/imports/preview',
          tags: ['feeds'],
          summary: 'Preview a file of cameras',
          description:
            'CSV, GeoJSON, M3U or OPML as text: what would be added, and which lines would not. Nothing is kept.',
        },
        rest: { takesFile: true },
      })
      .input(importFile)
      .output(importPreview)
      .mutation(({ ctx, input }) => feeds.files.preview(ctx.actor, input)),

    importFile: permitted('feed:write')
      .meta({
        openapi: {
          method: 'POST',
          path: '/imports',
          tags: ['feeds'],
          summary: 'Import a file of cameras',
          description: 'CSV, GeoJSON, M3U or OPML as text. Begins at once; the run tells how it goes.',
        },
        rest: { status: 202, takesFile: true },
      })
      .input(importFile)
      .output(started)
      .mutation(({ ctx, input }) => feeds.files.start(ctx.actor, input)),

    /** Every camera, those that are not public too. */
    exportFile: permitted('camera:write')
      .meta({
        openapi: {
          method: 'GET',
          path: '/imports/export',
          tags: ['feeds'],
          summary: 'Export all cameras as a file',
          description: 'The same formats that can be imported; addresses without their passwords.',
        },
      })
      .input(z.object({ format: importFormat }))
      .output(z.object({ name: z.string(), mediaType: z.string(), text: z.string() }))
      .query(({ ctx, input }) => feeds.files.export(ctx.actor, input.format)),

    /** Every line that was left out, and why. */
    report: permitted('feed:write')
      .meta({
        openapi: {
          method: 'GET',
          path: '/imports/{runId}/report',
          tags: ['feeds'],
          summary: 'Lines that a run left out',
          description: 'Every line that was not taken, with the reason.',
        },
      })
      .input(z.object({ runId: z.uuid() }))
      .output(z.array(rejectedRow))
      .query(({ ctx, input }) => feeds.report(ctx.actor, input.runId)),
  });
}
