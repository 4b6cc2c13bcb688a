import { z } from 'zod';

import { discoveryAnswer, onvifQuestion } from '#server/contracts/discovery.ts';
import { noInput } from '#server/contracts/no-input.ts';
import { AppError } from '#server/platform/app-error.ts';
import { permitted, router } from '#server/platform/trpc.ts';

import type { House } from './house.ts';

/** Cameras of the operator's own network, where reading from it is allowed at all. */
export function createDiscoveryRouter({ streams, localSources }: Pick<House, 'streams' | 'localSources'>) {
  const allowed = permitted('camera:write').use(({ next }) => {
    if (!localSources) throw new AppError('FORBIDDEN', { message: 'no range of the local network is allowed' });
    return next();
  });
  return router({
    allowed: permitted('camera:write')
      .meta({
        openapi: {
          method: 'GET',
          path: '/discovery',
          tags: ['discovery'],
          summary: 'Whether the local network may be searched',
          description: 'True where the operator allowed addresses of it.',
        },
      })
      .output(z.boolean())
      .query(() => localSources),

    /** Calls into the network for five seconds. */
    devices: allowed
      .meta({
        openapi: {
          method: 'POST',
          path: '/discovery/devices',
          tags: ['discovery'],
          summary: 'Find ONVIF cameras',
          description: 'Calls into the local network for five seconds.',
        },
      })
      .input(noInput)
      .output(discoveryAnswer)
      .mutation(() => streams.discover({ ask: 'devices' })),

    /** Asks one device; user and password go there alone and are kept nowhere. */
    streams: allowed
      .meta({
        openapi: {
          method: 'POST',
          path: '/discovery/streams',
          tags: ['discovery'],
          summary: 'Ask a device for its streams',
          description: 'User and password go to that device alone and are kept nowhere.',
        },
      })
      .input(onvifQuestion)
      .output(discoveryAnswer)
      .mutation(({ input }) => streams.discover({ ask: 'streams', of: input })),
  });
}
