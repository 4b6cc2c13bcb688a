import type { House } from '#server/api/house.ts';
import type { Logger } from '#server/platform/log.ts';

/** Tells under the bell what the house noticed by itself: of all gateways, the one that noticed. Returns how to stop. */
export function watchHouse({ platform, activity }: Pick<House, 'platform' | 'activity'>, log: Logger): () => void {
  const { database, events } = platform;
  const tell = (work: Promise<void>) => {
    work.catch((error: unknown) => log.warn({ action: 'activity.untold', error }, 'nobody could be told'));
  };
  return events.onPublished((event) => {
    if (event.type === 'system.notice' && event.active)
      tell(
        activity.tellHolders(database, 'system:view', {
          kind: 'system.notice',
          data: { code: event.code },
          href: '/status',
        }),
      );
    // Feeds are read all the time; a file is somebody's work.
    if (event.type === 'cameras.imported' && event.source.startsWith('file:'))
      tell(
        activity.tellHolders(database, 'feed:write', {
          kind: 'import.finished',
          data: { source: event.source.slice('file:'.length), count: event.count },
          href: '/import',
        }),
      );
  });
}
