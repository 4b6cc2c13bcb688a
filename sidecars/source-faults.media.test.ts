import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, it, vi, type ExpectStatic } from 'vitest';

import type { StreamId } from '#server/contracts/ids.ts';
import type { MediaState } from '#server/contracts/media-state.ts';
import { fakeFps } from '#server/testing/fake-clip.ts';
import { startFakeRtspServer, type FakeRtspServer } from '#server/testing/fake-rtsp-server.ts';
import { hasFfmpeg, playWithFfmpeg } from '#server/testing/ffmpeg-player.ts';
import { lipSyncMs } from '#server/testing/lip-sync.ts';
import { MediaHouse } from '#server/testing/media-house.ts';
import { PlaylistViewer, type ViewerReport } from '#server/testing/playlist-viewer.ts';

/** What a camera does wrong shows within five seconds, heals by itself, and leaves a recording that others can play. */

const truthMs = 5000;
const lipSyncMsMax = 80;
const dateErrorMsMax = 100;

let house: MediaHouse;

beforeAll(async () => {
  house = await MediaHouse.start();
}, 60_000);
afterAll(async () => {
  await house.close();
});

interface Stage {
  camera: FakeRtspServer;
  id: StreamId;
  viewer: PlaylistViewer;
  startedAt: number;
}

async function withCamera(act: (stage: Stage) => Promise<void>): Promise<void> {
  const camera = await startFakeRtspServer();
  const startedAt = Date.now();
  const id = house.gateway.addStream({ kind: 'rtsp', address: camera.url });
  const viewer = new PlaylistViewer(house.mediaUrl(id)).start();
  let isDone = false;
  try {
    await until(() => viewer.newestFrame >= 0, 30_000);
    await secondsOfPlay(viewer, 4);
    await act({ camera, id, viewer, startedAt });
    isDone = true;
  } finally {
    await viewer.stop();
    await camera.close();
    if (!isDone)
      process.stderr.write(
        `${house.lines
          .filter((line) => line.includes(id))
          .slice(-60)
          .join('\n')}\n`,
      );
  }
}

function until(condition: () => boolean | Promise<boolean>, timeout = 40_000): Promise<boolean> {
  return vi.waitUntil(condition, { timeout, interval: 50 });
}

async function stateWithin(id: StreamId, ms: number, is: (state: MediaState) => boolean): Promise<MediaState> {
  let last: MediaState | null = null;
  const isThere = async () => {
    last = await house.state(id);
    return is(last);
  };
  return vi
    .waitUntil(async () => ((await isThere()) ? last : null), { timeout: ms, interval: 100 })
    .catch(() => {
      throw new Error(`not within ${ms} ms: ${JSON.stringify(last)}`);
    });
}

function secondsOfPlay(viewer: PlaylistViewer, seconds: number): Promise<boolean> {
  const goal = viewer.newestFrame + seconds * fakeFps;
  return until(() => viewer.newestFrame >= goal);
}

async function pictureIsBack({ camera, viewer, id }: Stage): Promise<void> {
  const { frame } = camera;
  await until(() => viewer.newestFrame >= frame, 60_000);
  await stateWithin(id, truthMs, ({ state, reason }) => state === 'live' && reason === null);
  await secondsOfPlay(viewer, 5);
}

function expectClean(expect: ExpectStatic, report: ViewerReport): void {
  const { faults, twice, outOfOrder, sequenceJumps, timesBack } = report;
  const clean = { faults: [], twice: [], outOfOrder: [], sequenceJumps: [], timesBack: [] };
  expect({ faults, twice, outOfOrder, sequenceJumps, timesBack }).toEqual(clean);
}

/** Dates are when the frames were taken, sound comes with its picture, and FFmpeg decodes all of it without a word. */
async function expectTrueRecording(expect: ExpectStatic, { camera, viewer, id, startedAt }: Stage): Promise<void> {
  const { frames, segments } = viewer.report();
  for (const { mediaSequence, dateMs } of segments) {
    const first = frames.find((seen) => seen.mediaSequence === mediaSequence);
    if (first) expect(Math.abs((dateMs ?? 0) - camera.utcMsOf(first.frame))).toBeLessThanOrEqual(dateErrorMsMax);
  }
  const offsets = lipSyncMs(viewer.media());
  expect(offsets.length).toBeGreaterThan(50);
  expect(Math.max(...offsets.map(Math.abs))).toBeLessThanOrEqual(lipSyncMsMax);
  if (!hasFfmpeg) return;
  const range = `from=${startedAt}&to=${Date.now()}`;
  const played = await playWithFfmpeg(`${house.mediaUrl(id)}/index.m3u8?${range}`);
  expect(played).toMatchObject({ code: 0, errors: [] });
  // The recording may end a segment before what was seen.
  expect(played.videoFrames).toBeGreaterThanOrEqual(frames.length - 4 * fakeFps);
}

describe.concurrent('a camera', { timeout: 150_000 }, () => {
  it('that is unplugged is delayed within 5 s, offline within 12 s, and live again by itself', ({ expect }) =>
    withCamera(async (stage) => {
      const { camera, id, viewer } = stage;
      await camera.kill();
      const delayed = await stateWithin(id, truthMs, ({ state }) => state === 'delayed');
      expect(delayed.reason).not.toBeNull();
      const offline = await stateWithin(id, 8000, ({ state }) => state === 'offline');
      expect(offline).toMatchObject({ reason: 'UNREACHABLE', fps: null, bitrate: null });
      await camera.listen();
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toHaveLength(1);
      expect(report.gaps[0]?.marked).toBe(true);
      await expectTrueRecording(expect, stage);
    }));

  it('that hangs with its connection open is delayed within 5 s, with the reason when it was tried again', ({
    expect,
  }) =>
    withCamera(async (stage) => {
      const { camera, id, viewer } = stage;
      camera.stall();
      await stateWithin(id, truthMs, ({ state }) => state === 'delayed');
      await stateWithin(id, 3000, ({ reason }) => reason === 'TIMED_OUT');
      await stateWithin(id, 8000, ({ state, reason }) => state === 'offline' && reason === 'TIMED_OUT');
      camera.resume();
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toHaveLength(1);
      expect(report.gaps[0]?.marked).toBe(true);
      await expectTrueRecording(expect, stage);
    }));

  it('that sends garbage between its packets is live within 5 s after it', ({ expect }) =>
    withCamera(async (stage) => {
      const { camera, id, viewer } = stage;
      for (const bytes of [1, 7, 1000, 100_000]) {
        camera.garbage(bytes);
        await sleep(300);
      }
      const { frame } = camera;
      await until(() => viewer.newestFrame >= frame, truthMs);
      await stateWithin(id, truthMs, ({ state }) => state === 'live');
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      // Lost is what stood in the way of the noise, up to the next key frame or connection.
      expect(report.gaps.reduce((sum, gap) => sum + gap.missing, 0)).toBeLessThanOrEqual(8 * fakeFps);
      await expectTrueRecording(expect, stage);
    }));

  it('that changes its resolution says so within 5 s, loses no frame, and begins a run with its own MAP', ({
    expect,
  }) =>
    withCamera(async (stage) => {
      const { camera, id, viewer } = stage;
      expect(await house.state(id)).toMatchObject({ width: 320, height: 180 });
      // They play through both changes.
      const players = hasFfmpeg
        ? ['tail.mp4', 'index.m3u8'].map((file) => playWithFfmpeg(`${house.mediaUrl(id)}/${file}`, { seconds: 14 }))
        : [];
      await secondsOfPlay(viewer, 2);
      camera.changePicture();
      await stateWithin(id, truthMs, ({ width, height }) => width === 192 && height === 144);
      await pictureIsBack(stage);
      camera.changePicture();
      await stateWithin(id, truthMs, ({ width, height }) => width === 320 && height === 180);
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toEqual([]);
      const changes = report.segments.filter(
        (segment, index) => index > 0 && segment.map !== report.segments[index - 1]?.map,
      );
      expect(changes.map((segment) => segment.discontinuity)).toEqual([true, true]);
      expect(report.discontinuities).toBe(2);
      for (const played of await Promise.all(players)) {
        expect(played).toMatchObject({ code: 0, errors: [] });
        expect(played.videoFrames).toBeGreaterThan(12 * fakeFps);
      }
      await expectTrueRecording(expect, stage);
    }));

  it('that loses its sound and finds it again loses no picture, and the sound is in step', ({ expect }) =>
    withCamera(async (stage) => {
      const { camera, viewer, id } = stage;
      camera.muteAudio();
      await secondsOfPlay(viewer, 6);
      expect(await house.state(id)).toMatchObject({ state: 'live' });
      camera.unmuteAudio();
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toEqual([]);
      await expectTrueRecording(expect, stage);
    }));

  it('whose packets are lost stays live, says how many, and its picture is whole again at the next key frame', ({
    expect,
  }) =>
    withCamera(async (stage) => {
      const { camera, viewer, id } = stage;
      expect(await house.state(id)).toMatchObject({ dropped: 0 });
      camera.losePackets(4);
      await stateWithin(id, truthMs, ({ dropped }) => dropped >= 4);
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps.reduce((sum, gap) => sum + gap.missing, 0)).toBeLessThanOrEqual(fakeFps);
      await expectTrueRecording(expect, stage);
    }));

  it('that says goodbye and closes is read again by itself', ({ expect }) =>
    withCamera(async (stage) => {
      const { camera, viewer } = stage;
      camera.sayGoodbye();
      camera.disconnect();
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toHaveLength(1);
      expect(report.gaps[0]?.missing).toBeLessThanOrEqual(6 * fakeFps);
      await expectTrueRecording(expect, stage);
    }));
});
