import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';

import type { StreamId } from '#server/contracts/ids.ts';
import { freePort } from '#server/supervisor/ports.ts';
import { fakeFps } from '#server/testing/fake-clip.ts';
import { startFakeRtspServer } from '#server/testing/fake-rtsp-server.ts';
import { PlaylistViewer } from '#server/testing/playlist-viewer.ts';
import { childrenOf } from '#server/testing/process-tree.ts';
import { WholeHouse } from '#server/testing/whole-house.ts';

import { findBrowser } from '../bin/browser.ts';

/** hls.js in a real browser, at the gateway of the whole product, while one process after the other dies or freezes. */

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

let site: Server;
let browser: Browser;
let port: number;

beforeAll(async () => {
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
}, 60_000);
afterAll(async () => {
  await browser?.close();
  site?.close();
});

function until(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  return vi.waitUntil(condition, { timeout: 60_000, interval: 50 });
}

/** A house of its own, one camera, and a browser that watches it. */
class Stage {
  readonly house: WholeHouse;
  readonly id: StreamId;
  readonly #tab: Page;

  private constructor(parts: { house: WholeHouse; id: StreamId; tab: Page }) {
    this.house = parts.house;
    this.id = parts.id;
    this.#tab = parts.tab;
  }

  /** `closes` is given what is to be done when the test is over, or when the next step fails. */
  static async open(closes: (close: () => Promise<void>) => void): Promise<Stage> {
    const camera = await startFakeRtspServer();
    closes(() => camera.close());
    const house = await WholeHouse.start();
    closes(() => house.close());
    const id = await house.addCamera({ kind: 'rtsp', address: camera.url });
    const playlist = `${house.mediaUrl(id)}/index.m3u8`;
    await until(async () => (await fetch(playlist)).status === 200);
    const tab = await browser.newPage();
    closes(() => tab.close());
    await tab.goto(`http://127.0.0.1:${port}/?src=${encodeURIComponent(playlist)}`);
    return new Stage({ house, id, tab });
  }

  #look(): Promise<Look> {
    return this.#tab.evaluate<Look>('look()');
  }

  fatalErrors(): Promise<unknown[]> {
    return this.#tab.evaluate<unknown[]>('errors.filter(({ fatal }) => fatal)');
  }

  /** Pictures taken after this moment are on the screen, one after the other. */
  async moves(): Promise<void> {
    const since = Date.now();
    await vi.waitUntil(async () => ((await this.#look()).playing ?? 0) > since, { timeout: 40_000, interval: 100 });
    const { frames } = await this.#look();
    const isOn = async () => (await this.#look()).frames > frames + 2 * fakeFps;
    await vi.waitUntil(isOn, { timeout: 10_000, interval: 100 });
  }

  async isHealthy(): Promise<boolean> {
    const answer = await fetch(`${this.house.base}/api/health`, { signal: AbortSignal.timeout(5000) }).catch(
      () => null,
    );
    return answer?.status === 200;
  }

  async tell(): Promise<void> {
    const errors = await this.#tab.evaluate<string>('JSON.stringify(errors)');
    process.stderr.write(`${errors}\n${this.house.lines.slice(-100).join('\n')}\n`);
  }
}

const it = test.extend<{ stage: Stage }>({
  stage: async ({ task }, provide) => {
    const closers: (() => Promise<void>)[] = [];
    try {
      const stage = await Stage.open((close) => closers.push(close));
      await provide(stage);
      if (task.result?.state === 'fail') await stage.tell();
    } finally {
      for (const close of closers.toReversed()) await close();
    }
  },
});

async function stopForTwentySeconds(pids: number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await sleep(20_000);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}

// At once, each with a house of its own: both mostly wait for what was stopped.
describe.concurrent('a player at the gateway', { timeout: 200_000 }, () => {
  it('sees every frame while PostgreSQL is stopped for 20 s, and while it is killed and comes back', async ({
    expect,
    stage,
  }) => {
    const { house, id } = stage;
    await stage.moves();
    const viewer = new PlaylistViewer(house.mediaUrl(id)).start();
    await until(() => viewer.newestFrame >= 0);
    await stopForTwentySeconds(await house.postgresPids());
    await until(() => stage.isHealthy());
    const [server = 0] = await house.postgresPids();
    process.kill(server, 'SIGKILL');
    // It may be there again before anybody noticed.
    await until(() => house.lines.some((line) => line.includes('postgres is back')));
    await until(() => stage.isHealthy());
    await stage.moves();
    const { faults, gaps, twice, outOfOrder, sequenceJumps, timesBack, discontinuities } = await viewer.stop();
    const clean = { faults: [], gaps: [], twice: [], outOfOrder: [], sequenceJumps: [], timesBack: [] };
    expect({ faults, gaps, twice, outOfOrder, sequenceJumps, timesBack }).toEqual(clean);
    expect(discontinuities).toBe(0);
    // Nobody was taken for dead because his heartbeat could not be written.
    expect(house.lines.filter((line) => line.includes('lease.given') && line.includes('"epoch":2'))).toEqual([]);
    expect(await stage.fatalErrors()).toEqual([]);
  });

  it('meets no fatal error while cell, ingest and slicer are killed and stopped for 20 s, and shows now again after each', async ({
    expect,
    stage,
  }) => {
    const { house, id } = stage;
    await stage.moves();
    const viewer = new PlaylistViewer(house.mediaUrl(id)).start();
    await until(() => viewer.newestFrame >= 0);
    const victims: [string, () => Promise<number> | number][] = [
      ['cell', async () => (await childrenOf(house.pid('ingest')))[0] ?? 0],
      ['ingest', () => house.pid('ingest')],
      ['slicer', () => house.pid('slicer')],
    ];
    for (const [victim, pid] of victims) {
      process.kill(await pid(), 'SIGKILL');
      await stage.moves();
      expect({ victim, fatal: await stage.fatalErrors() }).toEqual({ victim, fatal: [] });
    }
    await stopForTwentySeconds([house.pid('slicer'), house.pid('ingest')]);
    await stage.moves();
    expect(await stage.fatalErrors()).toEqual([]);
    const { faults, twice, outOfOrder, sequenceJumps, timesBack } = await viewer.stop();
    const clean = { faults: [], twice: [], outOfOrder: [], sequenceJumps: [], timesBack: [] };
    expect({ faults, twice, outOfOrder, sequenceJumps, timesBack }).toEqual(clean);
  });
});
