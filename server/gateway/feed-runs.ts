import { z } from 'zod';

import type { FeedsService } from '#server/feeds/service.ts';
import type { Events } from '#server/platform/events.ts';
import type { Jobs, Queue } from '#server/platform/jobs.ts';
import type { Logger } from '#server/platform/log.ts';

const payload = z.object({ runId: z.uuid() });

/** Reads a feed, or takes a file's cameras in. */
const runQueue: Queue<z.infer<typeof payload>> = {
  name: 'feeds.run',
  payload,
  retriesMax: 3,
  triesWithinSeconds: 900,
};

/** Feeds that are read side by side: one that hangs must not keep the others waiting. */
const workers = 3;
const tickMs = 15_000;
/** A run that nobody has got on with for so long has lost who worked on it. */
const lostMs = 90_000;

interface Options {
  feeds: Pick<FeedsService, 'openRuns' | 'queueDue' | 'perform' | 'staleFeeds'>;
  events: Pick<Events, 'on' | 'publish'>;
  jobs: Pick<Jobs, 'start' | 'send' | 'work'>;
  log: Logger;
}

/** Plans the readings of wanted feeds, works on what is queued, takes up what a dead process left, and says when a feed has gone stale. */
export function watchFeeds({ feeds, events, jobs, log }: Options): () => void {
  const stopping = new AbortController();
  const seen = new Map<string, { done: number; at: number }>();
  let staleBefore = '';

  const send = async (runId: string) => {
    // Two jobs of one run do no harm: each batch counts once.
    await jobs.send(runQueue, { runId }, { key: `${runId} ${Date.now()}` });
  };

  const tick = async () => {
    await feeds.queueDue();
    const now = performance.now();
    const open = await feeds.openRuns();
    for (const { id, done } of open) {
      const before = seen.get(id);
      if (before?.done === done && now - before.at > lostMs) await send(id);
      if (before?.done !== done || now - before.at > lostMs) seen.set(id, { done, at: now });
    }
    for (const id of seen.keys()) if (!open.some((run) => run.id === id)) seen.delete(id);
    const stale = (await feeds.staleFeeds()).join(', ');
    if (stale !== staleBefore) {
      const message = stale === '' ? 'all feeds are read again' : `nothing good was read for three intervals: ${stale}`;
      events.publish({ type: 'system.notice', code: 'FEEDS_STALE', active: stale !== '', message });
      staleBefore = stale;
    }
  };

  const attempt = (what: string, work: () => Promise<void>) => {
    work().catch((error: unknown) => {
      // The next tick makes up for it.
      if (!stopping.signal.aborted) log.warn({ action: what, error }, 'feeds could not be looked after');
    });
  };

  const start = async () => {
    await jobs.start();
    for (let worker = 0; worker < workers; worker += 1)
      await jobs.work(runQueue, ({ runId }) => feeds.perform(runId, stopping.signal));
    for (const { id } of await feeds.openRuns()) await send(id);
    await tick();
  };
  const stopListening = events.on('import.queued', ({ runId }) => attempt('feeds.send', () => send(runId)));
  const timer = setInterval(() => attempt('feeds.tick', tick), tickMs);
  attempt('feeds.start', start);
  return () => {
    stopping.abort();
    clearInterval(timer);
    stopListening();
  };
}
