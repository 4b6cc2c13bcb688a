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
import type { Actor } from '#server/contracts/identity.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import { mediaState, type CameraStates, type MediaState } from '#server/contracts/media-state.ts';
import { neverAborted, permitted, permittedForSome, publicProcedure, router } from '#server/platform/trpc.ts';

import type { SourcesService } from './service.ts';

/** What cameras need of rooms above: reached through these, given by api/. */
interface Upstairs {
  diagnose: (input: DoctorInput) => Promise<DoctorReport>;
  states: (streamIds: readonly StreamId[] | null) => Promise<MediaState[]>;
  watch: (of: { actor: Actor; ids: readonly string[] | null; signal: AbortSignal }) => AsyncGenerator<CameraStates>;
}

const byId = z.object({ id: z.uuid() });
const deleted = z.object({ id: z.uuid(), restorableUntil: z.iso.datetime() });

export function createCamerasRouter(sources: SourcesService, upstairs: Upstairs) {
  return router({
    list: publicProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/cameras',
          tags: ['cameras'],
          summary: 'List cameras',
          description: 'The cameras that the caller may see, by words, state and kind, a page at a time.',
        },
      })
      .input(cameraQuery)
      .output(cameraPage)
      .query(({ ctx, input }) => sources.list(ctx.actor, input)),

    get: publicProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/cameras/{id}',
          tags: ['cameras'],
          summary: 'Get a camera',
          description:
            'Its place, its measured state, its licence and where its media play. Who may change it also reads how it is set up, never its password.',
        },
      })
      .input(byId)
      .output(cameraDetail)
      .query(({ ctx, input }) => sources.get(ctx.actor, input.id)),

    create: permitted('camera:write')
      .meta({
        openapi: {
          method: 'POST',
          path: '/cameras',
          tags: ['cameras'],
          summary: 'Add a camera',
          description:
            'The source is read from then on, or when somebody watches (`ingest: onDemand`). Smaller pictures are made when a viewer asks for them, or always (`ladder: always`), and then every HLS player finds them. A user and password in the address are sealed and never given back.',
          successDescription: 'Added',
        },
        rest: { status: 201 },
      })
      .input(cameraInput)
      .output(cameraForOwner)
      .mutation(({ ctx, input }) => sources.create(ctx.actor, input)),

    update: permittedForSome('camera:write')
      .input(byId.extend({ patch: cameraPatch }).strict())
      .output(cameraForOwner)
      .mutation(({ ctx, input }) => sources.update(ctx.actor, input.id, input.patch)),

    /** The same for REST, whose body is the patch itself. */
    patch: permittedForSome('camera:write')
      .meta({
        openapi: {
          method: 'PATCH',
          path: '/cameras/{id}',
          tags: ['cameras'],
          summary: 'Change a camera',
          description: 'What is left out stays as it is; an address left out keeps the sealed one.',
        },
      })
      .input(cameraPatch.extend(byId.shape))
      .output(cameraForOwner)
      .mutation(({ ctx, input: { id, ...patch } }) => sources.update(ctx.actor, id, patch)),

    delete: permittedForSome('camera:write')
      .meta({
        openapi: {
          method: 'DELETE',
          path: '/cameras/{id}',
          tags: ['cameras'],
          summary: 'Delete a camera',
          description: 'It can be restored until the time in the answer; then its recordings are erased too.',
        },
      })
      .input(byId.strict())
      .output(deleted)
      .mutation(({ ctx, input }) => sources.delete(ctx.actor, input.id)),

    restore: permittedForSome('camera:write')
      .meta({
        openapi: {
          method: 'POST',
          path: '/cameras/{id}/restore',
          tags: ['cameras'],
          summary: 'Restore a deleted camera',
          description: 'Takes back a deletion while there is still time.',
          errorResponses: [410],
        },
      })
      .input(byId.strict())
      .output(cameraForOwner)
      .mutation(({ ctx, input }) => sources.restore(ctx.actor, input.id)),

    /** Whether demo cameras are shown to everybody. */
    demoShown: publicProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/cameras/demo',
          tags: ['cameras'],
          summary: 'Whether demo cameras are shown',
          description: 'True where the cameras that come with the house are shown to everybody.',
        },
      })
      .output(z.boolean())
      .query(() => sources.demoShown()),

    setDemoShown: permitted('settings:write')
      .meta({
        openapi: {
          method: 'PUT',
          path: '/cameras/demo',
          tags: ['cameras'],
          summary: 'Show or hide the demo cameras',
          description: 'Takes effect for everybody at once.',
        },
      })
      .input(z.strictObject({ shown: z.boolean() }))
      .output(z.boolean())
      .mutation(({ ctx, input }) => sources.setDemoShown(ctx.actor, input.shown)),

    diagnose: permittedForSome('camera:write')
      .meta({
        openapi: {
          method: 'POST',
          path: '/cameras/doctor',
          tags: ['cameras'],
          summary: 'Look at a source',
          description:
            'Opens the address as ingest would, and tells in words what it is like and what stands in the way. Nothing is kept.',
        },
      })
      .input(doctorInput)
      .output(doctorReport)
      .mutation(async ({ ctx, input }) => upstairs.diagnose(await sources.diagnosable(ctx.actor, input))),

    states: publicProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/cameras/states',
          tags: ['cameras'],
          summary: 'Measured states of streams',
          description:
            'What the logs measure at this moment, of the cameras that are named, or of all in the caller’s list, a thousand at most.',
        },
      })
      .input(z.object({ ids: z.array(z.uuid()).max(500).optional() }))
      .output(z.array(mediaState))
      .query(async ({ ctx, input }) => upstairs.states(await sources.visibleStreams(ctx.actor, input.ids ?? null))),

    /** The same as they change, of the cameras that are named, or of all in the caller's list. */
    watch: publicProcedure
      .input(z.object({ ids: z.array(z.uuid()).min(1).max(500).optional() }))
      .subscription(({ ctx, input, signal = neverAborted() }) =>
        upstairs.watch({ actor: ctx.actor, ids: input.ids ?? null, signal }),
      ),
  });
}
