import type { ActivityNews } from '#server/contracts/account.ts';
import type { UserActor } from '#server/contracts/identity.ts';
import type { ActivityService } from '#server/identity/activity/service.ts';
import type { Events } from '#server/platform/events.ts';
import { Wake } from '#server/platform/wake.ts';

interface Options {
  activity: Pick<ActivityService, 'list'>;
  events: Pick<Events, 'on' | 'onGap'>;
}

/** How many entries a person has not read and the newest of them: at first, and whenever either changes. */
export async function* watchActivity(
  { activity, events }: Options,
  { actor, signal }: { actor: UserActor; signal: AbortSignal },
): AsyncGenerator<ActivityNews> {
  const wake = new Wake();
  const stops = [
    events.on('activity.changed', ({ userIds }) => {
      if (userIds.some((id) => id === actor.userId)) wake.set();
    }),
    events.onGap(() => wake.set()),
  ];
  try {
    while (!signal.aborted) {
      const { items, unread } = await activity.list(actor, { limit: 1 });
      yield { unread, newest: items[0] ?? null };
      await wake.wait(signal);
    }
  } finally {
    for (const stop of stops) stop();
  }
}
