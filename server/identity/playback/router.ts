import type { Actor } from '#server/contracts/identity.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import { playbackInput, playbackToken } from '#server/contracts/tokens.ts';
import { publicProcedure, router } from '#server/platform/trpc.ts';

import type { TokensService } from '../tokens/service.ts';

/** Read by the media door too. */
export const playbackCookie = 'sensorium-playback';

/** Throws where `actor` may not watch the stream; known to the rooms above. */
export type AssertMayWatch = (actor: Actor, streamId: StreamId) => Promise<void>;

export function createPlaybackRouter({ playback }: TokensService, assertMayWatch: AssertMayWatch) {
  return router({
    create: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/streams/{streamId}/playback-tokens',
          tags: ['streams'],
          summary: 'Get an address that plays',
          description:
            'A media address with a token in its path, for players that can send neither cookie nor header. It plays as long as you may, and can be opened until `expiresAt`.',
        },
        rest: { status: 201 },
        unaudited: true,
      })
      .input(playbackInput)
      .output(playbackToken)
      .mutation(async ({ ctx, input }) => {
        await assertMayWatch(ctx.actor, input.streamId);
        const { seconds, ...made } = await playback.create(ctx.actor, input);
        const path = `/media/${input.streamId}`;
        ctx.setCookie?.({ name: playbackCookie, value: made.token, path, maxAgeSeconds: seconds });
        return made;
      }),
  });
}
