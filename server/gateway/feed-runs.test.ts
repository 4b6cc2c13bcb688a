import { randomUUID } from 'node:crypto';

import { afterEach, expect, test, vi } from 'vitest';

import type { Queue } from '#server/platform/jobs.ts';
import { aBus, silentLog } from '#server/testing/factories.ts';

import { watchFeeds } from './feed-runs.ts';

afterEach(() => vi.useRealTimers());

function aWatch(open: { id: string; source: string; state: string; done: number }[]) {
  const events = aBus();
  const sent: string[] = [];
  const stale: string[] = [];
  const notices: { active: boolean; message: string }[] = [];
  events.on('system.notice', (notice) => notices.push(notice));
  let handle: (payload: { runId: string }) => Promise<void> = async () => {};
  const perform = vi.fn<(runId: string, signal: AbortSignal) => Promise<void>>(async () => {});
  const stop = watchFeeds({
    feeds: { openRuns: async () => open, queueDue: async () => {}, staleFeeds: async () => stale, perform },
    events,
    jobs: {
      start: async () => {},
      send: async <Payload extends object>(queue: Queue<Payload>, payload: Payload) => {
        sent.push(`${queue.name} ${JSON.stringify(payload)}`);
        return true;
      },
      work: async <Payload extends object>(queue: Queue<Payload>, work: (payload: Payload) => Promise<void>) => {
        handle = (given) => work(queue.payload.parse(given));
      },
    },
    log: silentLog,
  });
  return { events, sent, stale, notices, perform, stop, handle: (runId: string) => handle({ runId }) };
}

test('what a dead process left is taken up at the start, what is queued later when it is heard of', async () => {
  const [left, later] = [randomUUID(), randomUUID()];
  const watch = aWatch([{ id: left, source: 'feed:tfl', state: 'running', done: 500 }]);
  await vi.waitFor(() => expect(watch.sent).toHaveLength(1), { timeout: 10_000 });
  watch.events.publish({ type: 'import.queued', runId: later });
  expect(watch.sent).toEqual([`feeds.run {"runId":"${left}"}`, `feeds.run {"runId":"${later}"}`]);
  watch.stop();
});

test('a run that gets no further is sent again; one that gets on is let be', async () => {
  vi.useFakeTimers();
  const [stuck, well] = [randomUUID(), randomUUID()];
  const open = [stuck, well].map((id) => ({ id, source: `file:${id}`, state: 'running', done: 0 }));
  const watch = aWatch(open);
  await vi.advanceTimersByTimeAsync(0);
  watch.sent.length = 0;
  for (let tick = 0; tick < 8; tick += 1) {
    if (open[1]) open[1].done += 500;
    await vi.advanceTimersByTimeAsync(15_000);
  }
  expect(watch.sent).toEqual([`feeds.run {"runId":"${stuck}"}`]);
  watch.stop();
});

test('that a feed has gone stale, and that it is read again, is told once each', async () => {
  vi.useFakeTimers();
  const watch = aWatch([]);
  watch.stale.push('Road cameras');
  await vi.advanceTimersByTimeAsync(45_000);
  watch.stale.length = 0;
  await vi.advanceTimersByTimeAsync(45_000);
  expect(watch.notices.map(({ active }) => active)).toEqual([true, false]);
  expect(watch.notices[0]?.message).toContain('Road cameras');
  watch.stop();
});

test('work in hand is told to end when the gateway stops', async () => {
  const watch = aWatch([]);
  await vi.waitFor(() => expect(watch.sent).toEqual([]), { timeout: 10_000 });
  await watch.handle(randomUUID());
  const signal = watch.perform.mock.calls[0]?.[1];
  expect(signal?.aborted).toBe(false);
  watch.stop();
  expect(signal?.aborted).toBe(true);
});
