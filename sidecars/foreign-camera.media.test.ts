import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, it, vi } from 'vitest';

import { hasFfmpeg, playWithFfmpeg } from '#server/testing/ffmpeg-player.ts';
import { gstMissing, startGstRtspServer } from '#server/testing/gst-rtsp-server.ts';
import { MediaHouse } from '#server/testing/media-house.ts';
import { PlaylistViewer } from '#server/testing/playlist-viewer.ts';

/** Foreign hands at both ends: a camera served by GStreamer, played by FFmpeg. */

const user = 'cam';
const password = 'p@ss:w/rd';
let house: MediaHouse;
let clip: string;

beforeAll(async () => {
  if (!hasFfmpeg) return;
  house = await MediaHouse.start();
  clip = join(house.dataDir, 'clip.mp4');
  const fixture = fileURLToPath(new URL('../server/testing/fixtures/clip-320x180.mp4', import.meta.url));
  spawnSync('ffmpeg', ['-v', 'error', '-stream_loop', '9', '-i', fixture, '-c', 'copy', clip]);
}, 60_000);
afterAll(async () => {
  await house?.close();
});

describe.skipIf(!hasFfmpeg).concurrent('a camera served by GStreamer', { timeout: 60_000 }, () => {
  for (const auth of ['basic', 'digest'] as const) {
    it(`is decoded by ffmpeg while it is live, under ${auth}, and no log holds its password`, async ({
      expect,
      skip,
    }) => {
      const server = await startGstRtspServer({ auth, file: clip, user, password });
      if (!server) return skip(gstMissing);
      try {
        const address = server.url.replace('rtsp://', `rtsp://${user}:${encodeURIComponent(password)}@`);
        const id = house.gateway.addStream({ kind: 'rtsp', address });
        const viewer = new PlaylistViewer(house.mediaUrl(id)).start();
        await vi.waitUntil(() => (viewer.playlist?.segments.length ?? 0) > 1, { timeout: 30_000, interval: 50 });
        const played = await playWithFfmpeg(`${house.mediaUrl(id)}/index.m3u8`, { seconds: 8, msMax: 40_000 });
        expect(played).toMatchObject({ code: 0, errors: [] });
        expect(played.videoFrames).toBeGreaterThanOrEqual(190);
        const { faults, sequenceJumps, timesBack } = await viewer.stop();
        expect({ faults, sequenceJumps, timesBack }).toEqual({ faults: [], sequenceJumps: [], timesBack: [] });
        expect(house.lines.filter((line) => line.includes('p@ss') || line.includes('p%40ss'))).toEqual([]);
      } finally {
        await server.close();
      }
    });
  }

  it('with a wrong password is an error that says so, within 5 s', async ({ expect, skip }) => {
    const server = await startGstRtspServer({ auth: 'digest', file: clip, user, password });
    if (!server) return skip(gstMissing);
    try {
      const address = server.url.replace('rtsp://', `rtsp://${user}:wrong@`);
      const id = house.gateway.addStream({ kind: 'rtsp', address });
      await vi.waitUntil(
        () => house.gateway.saidOf('source').some(({ message }) => message.streamId === id && message.fault),
        {
          timeout: 20_000,
          interval: 50,
        },
      );
      await vi.waitFor(
        async () => expect(await house.state(id)).toMatchObject({ state: 'error', reason: 'AUTH_REFUSED' }),
        { timeout: 5000, interval: 100 },
      );
    } finally {
      await server.close();
    }
  });
});
