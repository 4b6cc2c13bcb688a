import { welcomeState } from '#server/contracts/welcome.ts';
import { readSetting, writeSetting } from '#server/platform/settings.ts';
import { ownerProcedure, publicProcedure, router } from '#server/platform/trpc.ts';

import type { House } from './house.ts';

/** The first run: what was chosen so far, and its end. The choices themselves are made where they belong. */
export function createWelcomeRouter({ identity, platform: { database } }: Pick<House, 'identity' | 'platform'>) {
  const read = async () => {
    const [done, ownerMissing, demoCamerasShown, publicFeeds] = await Promise.all([
      readSetting(database, 'firstRunDone'),
      identity.ownerMissing(),
      readSetting(database, 'demoCamerasShown'),
      readSetting(database, 'publicFeeds'),
    ]);
    return { done, ownerMissing, demoCamerasShown, publicFeeds };
  };
  return router({
    state: publicProcedure.output(welcomeState).query(read),

    finish: ownerProcedure.output(welcomeState).mutation(async () => {
      await writeSetting(database, 'firstRunDone', true);
      return read();
    }),
  });
}
