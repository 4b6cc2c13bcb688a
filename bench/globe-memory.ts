/** Whether memory stays flat while the globe turns. */
import type { CDPSession, Page } from '@playwright/test';

import { say } from './report.ts';

/** Caches fill up to their bounds first: answers are kept for 20 s, names until their atlas is full. */
const warmMs = 120_000;
const sampleEveryMs = 20_000;
const callWithinMs = 15_000;

type Sample = { minutes: number; mb: number };

/** Live heap after a collection. */
async function heapMb(client: CDPSession): Promise<number> {
  await within(client.send('HeapProfiler.collectGarbage'));
  return (await within(client.send('Runtime.getHeapUsage'))).usedSize / 1e6;
}

/** Turns by hand for so long, however slowly it is drawn. */
async function turn(page: Page, ms: number): Promise<void> {
  for (const until = Date.now() + ms; Date.now() < until;) {
    await page.mouse.move(700, 450);
    await page.mouse.down();
    await page.mouse.move(860, 470, { steps: 4 });
    await page.mouse.up();
    await page.waitForTimeout(400);
  }
}

/** Least squares: one collection more or less does not tip it. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(samples.map(({ minutes }) => minutes)), mean(samples.map(({ mb }) => mb))];
  const above = samples.reduce((sum, { minutes, mb }) => sum + (minutes - x) * (mb - y), 0);
  return above / samples.reduce((sum, { minutes }) => sum + (minutes - x) ** 2, 0);
}

/** What the heap grows by an hour, from so many minutes of turning. */
export async function watchMemory(page: Page, minutes: number) {
  say(`turning for ${minutes} minutes, watching memory…`);
  // What the bench itself writes down would be the growth.
  await page.evaluate(() => Reflect.set(window, 'isBenchQuiet', true));
  const client = await page.context().newCDPSession(page);
  await turn(page, warmMs);
  const began = Date.now();
  const samples: Sample[] = [];
  for (const until = began + minutes * 60_000 - warmMs; Date.now() < until;) {
    await turn(page, sampleEveryMs);
    samples.push({ minutes: (Date.now() - began) / 60_000, mb: await heapMb(client) });
  }
  const heapGrowthMbPerHour = slopeOf(samples) * 60;
  say(`heap ${samples.map(({ mb }) => mb.toFixed(1)).join(' ')} MB, ${heapGrowthMbPerHour.toFixed(1)} MB an hour`);
  return { heapMb: samples.at(-1)?.mb ?? Number.NaN, heapGrowthMbPerHour };
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the browser did not answer')), callWithinMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
