/** The page's longest task while something is done: by the clock, and by the processor time that the page itself took of it. */
import type { Browser, CDPSession } from '@playwright/test';
import { z } from 'zod';

const traceEvent = z.object({
  ph: z.string(),
  name: z.string(),
  pid: z.number(),
  tid: z.number(),
  dur: z.number().optional(),
  tdur: z.number().optional(),
  args: z.record(z.string(), z.unknown()).optional(),
});
type TraceEvent = z.infer<typeof traceEvent>;

type TaskTimes = {
  longestTaskMs: number;
  /** What of its longest task the page computed: the rest it waited for a processor. */
  longestTaskCpuMs: number;
  tasksOver50Ms: number;
};

const microseconds = 1000;

/** Traces all processes of the browser meanwhile; the page is the one that computes the most. */
export async function traceTasks(browser: Browser, work: () => Promise<void>): Promise<TaskTimes> {
  const client = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  client.on('Tracing.dataCollected', ({ value }) => {
    for (const one of value) {
      const event = traceEvent.safeParse(one);
      if (event.success) events.push(event.data);
    }
  });
  await client.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel', '__metadata'] },
    transferMode: 'ReportEvents',
  });
  try {
    await work();
  } finally {
    await stopped(client);
    await client.detach();
  }
  return timesOf(events);
}

async function stopped(client: CDPSession): Promise<void> {
  const complete = new Promise<void>((resolve) => client.once('Tracing.tracingComplete', () => resolve()));
  await client.send('Tracing.end');
  await complete;
}

function timesOf(events: readonly TraceEvent[]): TaskTimes {
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.['name'] === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const byThread = Map.groupBy(
    events.filter(({ ph, name }) => ph === 'X' && name === 'ThreadControllerImpl::RunTask'),
    ({ pid, tid }) => `${pid} ${tid}`,
  );
  const cpu = (tasks: readonly TraceEvent[]) => tasks.reduce((sum, { tdur = 0 }) => sum + tdur, 0);
  const [page = []] = [...byThread]
    .filter(([thread]) => mains.has(thread))
    .map(([, tasks]) => tasks)
    .toSorted((a, b) => cpu(b) - cpu(a));
  const most = (times: readonly number[]) => times.reduce((max, time) => Math.max(max, time), 0) / microseconds;
  return {
    longestTaskMs: most(page.map(({ dur = 0 }) => dur)),
    longestTaskCpuMs: most(page.map(({ tdur = 0 }) => tdur)),
    tasksOver50Ms: page.filter(({ dur = 0 }) => dur > 50 * microseconds).length,
  };
}
