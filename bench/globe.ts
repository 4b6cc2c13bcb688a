/** The globe with 65,000 cameras: import, the server's clusters, and a browser that turns, zooms and hovers without a GPU. */
import type { Browser, Page } from '@playwright/test';
import { z } from 'zod';

import { cameraPage } from '#server/contracts/camera.ts';
import { importRun, type ImportRun } from '#server/contracts/feeds.ts';

import { withRunningSystem } from '../bin/running-system.ts';
import { timeHovers } from './globe-hover.ts';
import { watchMemory } from './globe-memory.ts';
import { traceTasks } from './globe-tasks.ts';
import { lowestScore } from './lighthouse.ts';
import { becomeOwner, type Owner } from './owner.ts';
import { openBrowser } from './picture-probe.ts';
import { planet, planetCsv, type PlanetCamera } from './planet.ts';
import { percentile, report, say } from './report.ts';

const root = new URL('..', import.meta.url).pathname;
const importCount = 10_000;
const cameraCount = 65_000;
const chunk = 15_000;
const viewport = { width: 1440, height: 900 };
const turnSeconds = 20;
const memoryMinutes = 6;
const globeStats = z.object({ drawCalls: z.number(), jsMsPerFrame: z.number(), drawMs: z.number().nullable() });

export async function benchGlobe(): Promise<void> {
  const cameras = planet(cameraCount);
  await withRunningSystem(
    root,
    async (system) => {
      const owner = await becomeOwner(system.address, system.ownerLink ?? '');
      const scores = await scorePages(system.address);
      const importSeconds = await timeImports(system.address, owner, cameras);
      const clusterMs = await timeViews(system.address);
      const browser = await openBrowser(['--use-angle=swiftshader', '--enable-unsafe-swiftshader']);
      try {
        const page = await browser.newPage({ viewport });
        page.setDefaultTimeout(60_000);
        const visit = await firstVisit(page, system.address);
        const motion = await turnAndZoom(browser, page);
        const hoverMs = await timeHovers(page, system.address, cameras);
        const memory = await watchMemory(page, memoryMinutes);
        report(
          'globe',
          {
            import10kSeconds: importSeconds,
            clusterMs,
            ...visit,
            ...motion,
            hoverMs,
            ...memory,
            ...scores,
          },
          {
            longestTaskToFrameOf20: motion.longestTaskMs / 50,
            hoverToGoal: hoverMs / 100,
            clusterToGoal: clusterMs / 30,
            importToGoal: importSeconds / 60,
          },
        );
      } finally {
        await browser.close();
      }
    },
    { quiet: true },
  );
}

/** With the demo cameras alone, as a first visitor finds it. */
async function scorePages(address: string) {
  say('Lighthouse on three pages…');
  const { items } = cameraPage.parse(await (await fetch(`${address}/api/v1/cameras?limit=1`)).json());
  return {
    lighthouseCamera: await lowestScore(`${address}/cameras/${items[0]?.id ?? ''}`),
    lighthouseList: await lowestScore(`${address}/cameras`),
    lighthouseGlobe: await lowestScore(`${address}/`),
  };
}

async function timeImports(address: string, owner: Owner, cameras: readonly PlanetCamera[]): Promise<number> {
  say(`importing ${importCount} cameras…`);
  const began = performance.now();
  await importAll(address, owner, cameras.slice(0, importCount));
  const seconds = (performance.now() - began) / 1000;
  say(`${importCount} cameras in ${seconds.toFixed(1)} s; importing the rest…`);
  for (let from = importCount; from < cameras.length; from += chunk) {
    await importAll(address, owner, cameras.slice(from, from + chunk), `planet-${from}.csv`);
  }
  return seconds;
}

async function importAll(
  address: string,
  owner: Owner,
  cameras: readonly PlanetCamera[],
  name = 'planet.csv',
): Promise<void> {
  const headers = { 'content-type': 'application/json', origin: address, cookie: owner.cookie };
  const body = JSON.stringify({ json: { name, format: 'csv', text: planetCsv(cameras) } });
  const started = await fetch(`${address}/trpc/feeds.importFile`, { method: 'POST', headers, body });
  if (!started.ok) throw new Error(`import: ${started.status} ${(await started.text()).slice(0, 300)}`);
  const { runId } = answerOf(z.object({ runId: z.string() }), await started.json());
  const input = encodeURIComponent(JSON.stringify({ json: { id: runId } }));
  for (const until = Date.now() + 600_000; Date.now() < until; await wait(250)) {
    const response = await fetch(`${address}/trpc/feeds.run?input=${input}`, { headers });
    const run: ImportRun = answerOf(importRun, await response.json());
    if (run.state === 'done') return;
    if (run.state === 'failed' || run.state === 'cancelled') throw new Error(`import ${run.state}: ${run.fault}`);
  }
  throw new Error('the import did not end');
}

/** Random places at every zoom, as a browser asks for them; p95 of the whole answer over loopback. */
async function timeViews(address: string): Promise<number> {
  say('asking for 400 views…');
  const times: number[] = [];
  for (let look = 0; look < 420; look += 1) {
    const zoom = look % 19;
    const span = Math.min(180, 360 / 2 ** zoom);
    const [latitude, longitude] = [Math.sin(look * 12.9) * 70, Math.sin(look * 78.2) * 179];
    const west = Math.max(-180, longitude - span / 2);
    const bounds = [
      west,
      Math.max(-90, latitude - span / 3),
      Math.min(180, west + span),
      Math.min(90, latitude + span / 3),
    ];
    const input = encodeURIComponent(JSON.stringify({ json: { bounds, zoom } }));
    const began = performance.now();
    const response = await fetch(`${address}/trpc/earth.view?input=${input}`);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`earth.view: ${response.status}`);
    // The first ones warm the process.
    if (look >= 20) times.push(performance.now() - began);
  }
  say(`views: p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms`);
  return percentile(times, 0.95);
}

/** Bytes and requests up to the globe being usable, without its textures. */
async function firstVisit(page: Page, address: string) {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  const urls = new Map<string, string>();
  let bytes = 0;
  let textureBytes = 0;
  let requests = 0;
  client.on('Network.requestWillBeSent', ({ requestId, request }) => urls.set(requestId, request.url));
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const url = urls.get(requestId) ?? '';
    requests += 1;
    if (/\.(?:jpg|png|webp)(?:\?|$)/.test(url)) textureBytes += encodedDataLength;
    else bytes += encodedDataLength;
  });
  await page.addInitScript(() => {
    const stats: unknown[] = [];
    Object.assign(window, { globeStats: stats });
    window.addEventListener('sensorium:globe', (event) => {
      if (!('isBenchQuiet' in window) && stats.length < 20_000 && event instanceof CustomEvent)
        stats.push(event.detail);
    });
  });
  const began = performance.now();
  await page.goto(`${address}/`, { waitUntil: 'commit' });
  await page.waitForFunction(
    () => 'globeStats' in window && Array.isArray(window.globeStats) && window.globeStats.length > 0,
  );
  const interactiveMs = performance.now() - began;
  await page.waitForTimeout(8000);
  say(
    `first visit: ${(bytes / 1e6).toFixed(2)} MB + ${(textureBytes / 1e6).toFixed(2)} MB of pictures, ${requests} requests, interactive after ${Math.round(interactiveMs)} ms`,
  );
  return {
    firstVisitMb: bytes / 1e6,
    firstVisitTexturesMb: textureBytes / 1e6,
    firstVisitRequests: requests,
    interactiveMs,
  };
}

async function turnAndZoom(browser: Browser, page: Page) {
  say(`turning and zooming for ${turnSeconds} s…`);
  // Emptied, not replaced: the listener of the first visit goes on filling it.
  await page.evaluate(() => {
    const seen: unknown = Reflect.get(window, 'globeStats');
    if (Array.isArray(seen)) seen.length = 0;
  });
  const tasks = await traceTasks(browser, () => turnByHand(page));
  const seen = await page.evaluate(() => ('globeStats' in window ? window.globeStats : []));
  const stats = z.array(globeStats).parse(seen);
  const middle = (values: readonly (number | null)[]) =>
    percentile(
      values.filter((value) => value !== null),
      0.5,
    );
  const figures = {
    ...tasks,
    jsMsPerFrame: middle(stats.map((stat) => stat.jsMsPerFrame)),
    // What the processor that draws took after that; a graphics card is not waited for.
    drawMsPerFrame: middle(stats.map((stat) => stat.drawMs)),
    drawCalls: Math.max(...stats.map((stat) => stat.drawCalls)),
    framesPerSecond: stats.length / turnSeconds,
  };
  say(JSON.stringify(figures));
  return figures;
}

/** By the clock: a machine that draws slowly makes fewer steps, not a longer run. */
async function turnByHand(page: Page): Promise<void> {
  const [cx, cy] = [viewport.width / 2, viewport.height / 2];
  const until = Date.now() + turnSeconds * 1000;
  for (let step = 0; Date.now() < until; step += 1) {
    await page.mouse.move(cx, cy);
    await page.mouse.down();
    await page.mouse.move(cx + 160 * Math.cos(step), cy + 60 * Math.sin(step), { steps: 10 });
    await page.mouse.up();
    await page.mouse.wheel(0, step % 8 < 4 ? -240 : 240);
    await page.waitForTimeout(200);
  }
}

function answerOf<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  return schema.parse(
    z.object({ result: z.object({ data: z.object({ json: z.unknown() }) }) }).parse(body).result.data.json,
  );
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
