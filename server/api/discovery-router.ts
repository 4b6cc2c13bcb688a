import { z } from 'zod';

import { discoveryAnswer, onvifQuestion } from '#server/contracts/discovery.ts';
import { AppError } from '#server/platform/app-error.ts';
import { ownerProcedure, router } from '#server/platform/trpc.ts';

import type { House } from './house.ts';

/** Cameras of the operator's own network, where reading from it is allowed at all. */
export function createDiscoveryRouter({ streams, localSources }: Pick<House, 'streams' | 'localSources'>) {
  const allowed = ownerProcedure.use(({ next }) => {
    if (!localSources) throw new AppError('FORBIDDEN', { message: 'no range of the local network is allowed' });
    return next();
  });
  return router({
    allowed: ownerProcedure.output(z.boolean()).query(() => localSources),

    /** Calls into the network for five seconds. */
    devices: allowed.output(discoveryAnswer).mutation(() => streams.discover({ ask: 'devices' })),

    /** Asks one device; user and password go there alone and are kept nowhere. */
    streams: allowed
      .input(onvifQuestion)
      .output(discoveryAnswer)
      .mutation(({ input }) => streams.discover({ ask: 'streams', of: input })),
  });
}
