import { noInput } from '#server/contracts/no-input.ts';
import { welcomeState } from '#server/contracts/welcome.ts';
import { noteChange } from '#server/platform/change-note.ts';
import { readSetting, writeSetting } from '#server/platform/settings.ts';
import { permitted, publicProcedure, router } from '#server/platform/trpc.ts';

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
    state: publicProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/welcome',
          tags: ['system'],
          summary: 'How far the first set-up is',
          description: 'What was chosen, and whether the house still waits for its owner.',
        },
      })
      .output(welcomeState)
      .query(read),

    finish: permitted('settings:write')
      .meta({
        openapi: {
          method: 'POST',
          path: '/welcome/finish',
          tags: ['system'],
          summary: 'End the first set-up',
          description: 'The first-run pages are not offered any more.',
        },
      })
      .input(noInput)
      .output(welcomeState)
      .mutation(async () => {
        const before = await readSetting(database, 'firstRunDone');
        await writeSetting(database, 'firstRunDone', true);
        noteChange({ object: { type: 'setting', id: 'firstRunDone' }, before, after: true });
        return read();
      }),
  });
}
