import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { StreamId } from '#server/contracts/ids.ts';
import { freePort } from '#server/supervisor/ports.ts';
import { fakeFps } from '#server/testing/fake-clip.ts';
import { startFakeRtspServer, type FakeRtspServer } from '#server/testing/fake-rtsp-server.ts';
import { PlaylistViewer } from '#server/testing/playlist-viewer.ts';
import { childrenOf } from '#server/testing/process-tree.ts';
import { WholeHouse } from '#server/testing/whole-house.ts';

import { findBrowser } from '../bin/browser.ts';

/** hls.js in a real browser, with the settings of our player, at the gateway of the whole product, while one process after the other dies or freezes. */

const hlsScript = fileURLToPath(import.meta.resolve('hls.js/dist/hls.min.js'));
const page = `<!doctype html><video muted autoplay playsinline width="320"></video><script src="/hls.js"></script><script>
  const video = document.querySelector('video');
  const { playlistLoadPolicy } = Hls.DefaultConfig;
  const slow = { ...playlistLoadPolicy.default, maxTimeToFirstByteMs: 15000, maxLoadTimeMs: 25000 };
  const hls = new Hls({
    lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.1, backBufferLength: 60, maxBufferLength: 20,
    playlistLoadPolicy: { default: slow },
  });
  window.errors = [];
  window.look = () => ({
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
    playing: hls.playingDate ? hls.playingDate.getTime() : null,
  });
  hls.on(Hls.Events.ERROR, (_event, { fatal, type, details }) => window.errors.push({ fatal, type, details }));
  hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
  hls.attachMedia(video);
  hls.loadSource(new URLSearchParams(location.search).get('src'));
</script>`;

interface Look {
  frames: number;
  /** UTC ms of the picture on the screen. */
  playing: number | null;
}

let camera: FakeRtspServer;
let house: WholeHouse;
let id: StreamId;
let tab: Page;
let site: Server;
let browser: Browser;
let port: number;

beforeAll(async () => {
  camera = await startFakeRtspServer();
  house = await WholeHouse.start();
  id = await house.addCamera({ kind: 'rtsp', address: camera.url });
  site = createServer((request, response) => {
    const isScript = request.url === '/hls.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? readFileSync(hlsScript) : page);
  });
  port = await freePort();
  site.listen(port, '127.0.0.1');
  await once(site, 'listening');
  const executablePath = await findBrowser(() => {});
  const args = ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-background-networking'];
  browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args });
  await until(async () => (await fetch(`${house.mediaUrl(id)}/index.m3u8`)).status === 200);
  tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${port}/?src=${encodeURIComponent(`${house.mediaUrl(id)}/index.m3u8`)}`);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  site?.close();
  await house?.close();
  await camera?.close();
});

const look = () => tab.evaluate<Look>('look()');
const fatalErrors = () => tab.evaluate<unknown[]>('errors.filter(({ fatal }) => fatal)');

/** Pictures taken after this moment are on the screen, one after the other. */
async function moves(): Promise<void> {
  const since = Date.now();
  await vi.waitUntil(async () => ((await look()).playing ?? 0) > since, { timeout: 40_000, interval: 100 });
  const { frames } = await look();
  await vi.waitUntil(async () => (await look()).frames > frames + 2 * fakeFps, { timeout: 10_000, interval: 100 });
}

async function stopForTwentySeconds(pids: number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await sleep(20_000);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}

async function isHealthy(): Promise<boolean> {
  const answer = await fetch(`${house.base}/api/health`, { signal: AbortSignal.timeout(5000) }).catch(() => null);
  return answer?.status === 200;
}
function until(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  return vi.waitUntil(condition, { timeout: 60_000, interval: 50 });
}

describe('a player at the gateway', { timeout: 200_000 }, () => {
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      process.stderr.write(
        `${await tab.evaluate<string>('JSON.stringify(errors)')}\n${house.lines.slice(-100).join('\n')}\n`,
      );
    });
  });

  it('sees every frame while PostgreSQL is stopped for 20 s, and while it is killed and comes back', async () => {
    await moves();
    const viewer = new PlaylistViewer(house.mediaUrl(id)).start();
    await until(() => viewer.newestFrame >= 0);
    await stopForTwentySeconds(await house.postgresPids());
    await until(isHealthy);
    const [server = 0] = await house.postgresPids();
    process.kill(server, 'SIGKILL');
    // It may be there again before anybody noticed.
    await until(() => house.lines.some((line) => line.includes('postgres is back')));
    await until(isHealthy);
    await moves();
    const { faults, gaps, twice, outOfOrder, sequenceJumps, timesBack, discontinuities } = await viewer.stop();
    const clean = { faults: [], gaps: [], twice: [], outOfOrder: [], sequenceJumps: [], timesBack: [] };
    expect({ faults, gaps, twice, outOfOrder, sequenceJumps, timesBack }).toEqual(clean);
    expect(discontinuities).toBe(0);
    // Nobody was taken for dead because his heartbeat could not be written.
    expect(house.lines.filter((line) => line.includes('lease.given') && line.includes('"epoch":2'))).toEqual([]);
    expect(await fatalErrors()).toEqual([]);
  });

  it('meets no fatal error while cell, ingest and slicer are killed and stopped for 20 s, and shows now again after each', async () => {
    await moves();
    const viewer = new PlaylistViewer(house.mediaUrl(id)).start();
    await until(() => viewer.newestFrame >= 0);
    const victims: [string, () => Promise<number> | number][] = [
      ['cell', async () => (await childrenOf(house.pid('ingest')))[0] ?? 0],
      ['ingest', () => house.pid('ingest')],
      ['slicer', () => house.pid('slicer')],
    ];
    for (const [victim, pid] of victims) {
      process.kill(await pid(), 'SIGKILL');
      await moves();
      expect({ victim, fatal: await fatalErrors() }).toEqual({ victim, fatal: [] });
    }
    await stopForTwentySeconds([house.pid('slicer'), house.pid('ingest')]);
    await moves();
    expect(await fatalErrors()).toEqual([]);
    const { faults, twice, outOfOrder, sequenceJumps, timesBack } = await viewer.stop();
    const clean = { faults: [], twice: [], outOfOrder: [], sequenceJumps: [], timesBack: [] };
    expect({ faults, twice, outOfOrder, sequenceJumps, timesBack }).toEqual(clean);
  });
});
