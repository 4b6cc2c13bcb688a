import { z } from 'zod';

import {
  cameraDetail,
  cameraForOwner,
  cameraInput,
  cameraPage,
  cameraPatch,
  cameraQuery,
} from '#server/contracts/camera.ts';
import { doctorInput, doctorReport, type DoctorInput, type DoctorReport } from '#server/contracts/doctor.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import { mediaState, type MediaState } from '#server/contracts/media-state.ts';
import { ownerProcedure, publicProcedure, router } from '#server/platform/trpc.ts';

import type { SourcesService } from './service.ts';

/** What cameras need of rooms above: reached through these, given by api/. */
interface Upstairs {
  diagnose: (input: DoctorInput) => Promise<DoctorReport>;
  states: (streamIds: readonly StreamId[] | null) => Promise<MediaState[]>;
}

const byId = z.object({ id: z.uuid() });
const deleted = z.object({ id: z.uuid(), restorableUntil: z.iso.datetime() });

export function createCamerasRouter(sources: SourcesService, upstairs: Upstairs) {
  return router({
    list: publicProcedure
      .meta({ openapi: { method: 'GET', path: '/cameras', tags: ['cameras'], summary: 'List cameras' } })
      .input(cameraQuery)
      .output(cameraPage)
      .query(({ ctx, input }) => sources.list(ctx.actor, input)),

    get: publicProcedure
      .meta({ openapi: { method: 'GET', path: '/cameras/{id}', tags: ['cameras'], summary: 'Get a camera' } })
      .input(byId)
      .output(cameraDetail)
      .query(({ ctx, input }) => sources.get(ctx.actor, input.id)),

    create: ownerProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/cameras',
          tags: ['cameras'],
          summary: 'Add a camera',
          protect: true,
          successDescription: 'Added',
        },
      })
      .input(cameraInput)
      .output(cameraForOwner)
      .mutation(({ ctx, input }) => sources.create(ctx.actor, input)),

    update: ownerProcedure
      .input(byId.extend({ patch: cameraPatch }))
      .output(cameraForOwner)
      .mutation(({ ctx, input }) => sources.update(ctx.actor, input.id, input.patch)),

    /** The same for REST, whose body is the patch itself. */
    patch: ownerProcedure
      .meta({
        openapi: {
          method: 'PATCH',
          path: '/cameras/{id}',
          tags: ['cameras'],
          summary: 'Change a camera',
          protect: true,
        },
      })
      .input(cameraPatch.extend(byId.shape))
      .output(cameraForOwner)
      .mutation(({ ctx, input: { id, ...patch } }) => sources.update(ctx.actor, id, patch)),

    delete: ownerProcedure
      .meta({
        openapi: {
          method: 'DELETE',
          path: '/cameras/{id}',
          tags: ['cameras'],
          summary: 'Delete a camera',
          protect: true,
        },
      })
      .input(byId)
      .output(deleted)
      .mutation(({ ctx, input }) => sources.delete(ctx.actor, input.id)),

    restore: ownerProcedure
      .input(byId)
      .output(cameraForOwner)
      .mutation(({ ctx, input }) => sources.restore(ctx.actor, input.id)),

    /** Whether demo cameras are shown to everybody. */
    demoShown: publicProcedure.output(z.boolean()).query(() => sources.demoShown()),

    setDemoShown: ownerProcedure
      .input(z.object({ shown: z.boolean() }))
      .output(z.boolean())
      .mutation(({ ctx, input }) => sources.setDemoShown(ctx.actor, input.shown)),

    diagnose: ownerProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/cameras/doctor',
          tags: ['cameras'],
          summary: 'Look at a source',
          protect: true,
        },
      })
      .input(doctorInput)
      .output(doctorReport)
      .mutation(async ({ ctx, input }) => upstairs.diagnose(await sources.diagnosable(ctx.actor, input))),

    states: publicProcedure
      .input(z.object({ ids: z.array(z.uuid()).max(500).optional() }))
      .output(z.array(mediaState))
      .query(async ({ ctx, input }) => upstairs.states(await sources.visibleStreams(ctx.actor, input.ids ?? null))),
  });
}
