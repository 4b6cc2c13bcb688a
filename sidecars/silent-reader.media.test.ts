import { spawnSync } from 'node:child_process';
import { readdir, readlink } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { fakeFps } from '#server/testing/fake-clip.ts';
import { startFakeRtspServer } from '#server/testing/fake-rtsp-server.ts';
import { hasFfmpeg } from '#server/testing/ffmpeg-player.ts';
import { MediaHouse } from '#server/testing/media-house.ts';
import { PlaylistViewer, type ViewerReport } from '#server/testing/playlist-viewer.ts';

/** Clients that ask for everything and never read: they cost a bounded amount of memory, and nobody else notices. */

const tails = 30;
const pipelines = 10;
const requestsEach = 300;
/** Far longer than it takes to fill what the system keeps of a connection. */
const holdSeconds = 10;
/** What the slicer may keep for each tail (media contract §3), and the ring of a stream that fills meanwhile. */
const growthBytesMax = (tails * 4 + 24) * 1024 * 1024;

let house: MediaHouse;
let clip: string;

beforeAll(async () => {
  if (!hasFfmpeg) return;
  house = await MediaHouse.start();
  clip = join(house.dataDir, 'noise.mp4');
  const noise = ['-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=25,noise=alls=40:allf=t', '-t', '4'];
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-b:v', '24M', '-pix_fmt', 'yuv420p'];
  spawnSync('ffmpeg', ['-v', 'error', ...noise, ...encoder, clip]);
}, 90_000);
afterAll(async () => {
  await house?.close();
});

const slicerHealth = () => house.gateway.saidOf('heartbeat').findLast(({ role }) => role === 'slicer')?.message.health;

/** Connections that the slicer holds. */
async function openSockets(): Promise<number> {
  const folder = `/proc/${house.slicer.pid}/fd`;
  const links = await Promise.all((await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => '')));
  return links.filter((link) => link.startsWith('socket:')).length;
}

function silentReader(requests: string): Socket {
  const socket = connect(Number(new URL(house.base).port), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.pause();
  socket.write(requests);
  return socket;
}

function expectClean({ faults, gaps, twice, outOfOrder, sequenceJumps, timesBack }: ViewerReport): void {
  const clean = { faults: [], gaps: [], twice: [], outOfOrder: [], sequenceJumps: [], timesBack: [] };
  expect({ faults, gaps, twice, outOfOrder, sequenceJumps, timesBack }).toEqual(clean);
}

describe.skipIf(!hasFfmpeg)('clients that never read', { timeout: 150_000 }, () => {
  it('cost a bounded amount of memory, and nobody else loses a frame', async () => {
    const camera = await startFakeRtspServer();
    const light = house.gateway.addStream({ kind: 'rtsp', address: camera.url });
    const heavy = house.gateway.addStream({ kind: 'file', address: clip });
    const watching = new PlaylistViewer(house.mediaUrl(light)).start();
    const alsoWatching = new PlaylistViewer(house.mediaUrl(heavy)).start();
    await vi.waitUntil(() => watching.newestFrame >= 0 && (alsoWatching.playlist?.segments.length ?? 0) > 4, {
      timeout: 60_000,
      interval: 100,
    });
    const socketsBefore = await openSockets();
    const rssBefore = slicerHealth()?.rssBytes ?? 0;
    expect(rssBefore).toBeGreaterThan(0);
    const path = new URL(house.mediaUrl(heavy)).pathname;
    const request = (file: string) => `GET ${path}/${file} HTTP/1.1\r\nhost: slicer\r\n\r\n`;
    const { mediaSequence = 0 } = alsoWatching.playlist?.segments.findLast((segment) => segment.uri) ?? {};
    const readers = [
      ...Array.from({ length: tails }, () => silentReader(request('tail.mp4'))),
      ...Array.from({ length: pipelines }, () =>
        silentReader(request(`src/s/${mediaSequence}.m4s`).repeat(requestsEach)),
      ),
    ];
    await vi.waitUntil(async () => (await openSockets()) >= socketsBefore + readers.length, {
      timeout: 5000,
      interval: 50,
    });
    const { frame } = camera;
    let rssMax = 0;
    await vi.waitUntil(
      () => {
        rssMax = Math.max(rssMax, slicerHealth()?.rssBytes ?? 0);
        return watching.newestFrame >= frame + holdSeconds * fakeFps;
      },
      { timeout: 60_000, interval: 200 },
    );
    for (const reader of readers) reader.destroy();
    // Nothing of them stays behind; those of the viewers come and go.
    await vi.waitUntil(async () => (await openSockets()) <= socketsBefore + 5, { timeout: 5000, interval: 50 });
    // Each of them is left behind, not queued for.
    expect(slicerHealth()?.counters['droppedReaders']).toBeGreaterThan(tails * 2 * fakeFps);
    expect(rssMax - rssBefore).toBeLessThan(growthBytesMax);
    // Nor does anybody fall behind for good.
    await vi.waitUntil(() => camera.frame - watching.newestFrame < 2 * fakeFps, { timeout: 20_000, interval: 20 });
    expectClean(await watching.stop());
    expectClean(await alsoWatching.stop());
    await camera.close();
  });
});
