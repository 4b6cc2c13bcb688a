import { setTimeout as sleep } from 'node:timers/promises';

import { describe, it, vi, type ExpectStatic } from 'vitest';

import type { StreamId } from '#server/contracts/ids.ts';
import { fakeFps } from '#server/testing/fake-clip.ts';
import { startFakeRtspServer, type FakeRtspServer } from '#server/testing/fake-rtsp-server.ts';
import { MediaHouse } from '#server/testing/media-house.ts';
import { PlaylistViewer, type ViewerReport } from '#server/testing/playlist-viewer.ts';

/** Whatever dies, and however: a viewer sees no frame twice and none out of order, numbers go up by one, and the picture comes back by itself. */

const stopMs = 20_000;

interface Stage {
  camera: FakeRtspServer;
  house: MediaHouse;
  id: StreamId;
  viewer: PlaylistViewer;
}

/** A camera with numbered frames, read and watched; closed when the test is over. */
async function withStage(options: { ingests?: number }, act: (stage: Stage) => Promise<void>): Promise<void> {
  const camera = await startFakeRtspServer();
  const house = await MediaHouse.start(options);
  const id = house.gateway.addStream({ kind: 'rtsp', address: camera.url });
  const viewer = new PlaylistViewer(house.mediaUrl(id)).start();
  let isDone = false;
  try {
    await until(() => viewer.newestFrame >= 0, 30_000);
    await secondsOfPlay(viewer, 3);
    await act({ camera, house, id, viewer });
    isDone = true;
  } finally {
    await viewer.stop();
    await house.close();
    await camera.close();
    if (!isDone) process.stderr.write(`${house.lines.slice(-150).join('\n')}\n`);
  }
}

function until(condition: () => boolean, timeout = 40_000): Promise<boolean> {
  return vi.waitUntil(condition, { timeout, interval: 20 });
}

function secondsOfPlay(viewer: PlaylistViewer, seconds: number): Promise<boolean> {
  const goal = viewer.newestFrame + seconds * fakeFps;
  return until(() => viewer.newestFrame >= goal);
}

/** The camera's frames from now on are seen, for some seconds. */
async function pictureIsBack({ camera, viewer }: Stage): Promise<void> {
  const { frame } = camera;
  await until(() => viewer.newestFrame >= frame);
  await secondsOfPlay(viewer, 5);
}

const missing = (report: ViewerReport) => report.gaps.reduce((sum, gap) => sum + gap.missing, 0);

function expectClean(expect: ExpectStatic, report: ViewerReport): void {
  const { faults, twice, outOfOrder, sequenceJumps, timesBack } = report;
  expect({ faults, twice, outOfOrder, sequenceJumps, timesBack }).toEqual({
    faults: [],
    twice: [],
    outOfOrder: [],
    sequenceJumps: [],
    timesBack: [],
  });
  expect(report.gaps.filter((gap) => !gap.marked)).toEqual([]);
}

describe.concurrent('a viewer of a stream', { timeout: 100_000 }, () => {
  it('sees one marked gap when the slicer is stopped for 20 s: what ingest could keep comes after it', ({ expect }) =>
    withStage({}, async (stage) => {
      const { house, viewer } = stage;
      const pid = house.slicer.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      await sleep(stopMs);
      process.kill(pid, 'SIGCONT');
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps.length).toBeLessThanOrEqual(1);
      // Ten seconds are kept; whole GOPs go.
      expect(missing(report)).toBeLessThanOrEqual((stopMs / 1000 - 10 + 2) * fakeFps);
      expect(house.slicer.pid).toBe(pid);
    }));

  it('sees every frame when the ingest process is stopped for 20 s: its cells go on', ({ expect }) =>
    withStage({}, async (stage) => {
      const { house, viewer, id } = stage;
      const pid = house.ingests[0]?.pid ?? 0;
      const cells = await house.cells();
      process.kill(pid, 'SIGSTOP');
      await sleep(stopMs);
      process.kill(pid, 'SIGCONT');
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toEqual([]);
      expect(report.discontinuities).toBe(0);
      expect(await house.cells()).toEqual(cells);
      expect(house.gateway.lease('ingest', id)?.epoch).toBe(1);
    }));

  it('sees one marked gap of at most 12 s when a cell freezes', ({ expect }) =>
    withStage({}, async (stage) => {
      const { house, viewer } = stage;
      const [cell = 0, ...others] = await house.cells();
      expect(others).toEqual([]);
      process.kill(cell, 'SIGSTOP');
      await vi.waitUntil(async () => !(await house.cells()).includes(cell), { timeout: 10_000, interval: 100 });
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toHaveLength(1);
      expect(missing(report)).toBeLessThanOrEqual(12 * fakeFps);
    }));

  it('sees one marked gap of at most 8 s when a cell is killed', ({ expect }) =>
    withStage({}, async (stage) => {
      const { house, viewer } = stage;
      const [cell = 0] = await house.cells();
      process.kill(cell, 'SIGKILL');
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toHaveLength(1);
      expect(missing(report)).toBeLessThanOrEqual(8 * fakeFps);
    }));

  it('sees one marked gap of at most 10 s when the ingest process is killed, under a higher epoch', ({ expect }) =>
    withStage({}, async (stage) => {
      const { house, viewer, id } = stage;
      process.kill(house.ingests[0]?.pid ?? 0, 'SIGKILL');
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toHaveLength(1);
      expect(missing(report)).toBeLessThanOrEqual(10 * fakeFps);
      expect(house.gateway.lease('ingest', id)?.epoch).toBe(2);
    }));

  it('sees every frame when the slicer is killed, three times in a row', ({ expect }) =>
    withStage({}, async (stage) => {
      const { house, viewer } = stage;
      for (let life = 0; life < 3; life += 1) {
        process.kill(house.slicer.pid ?? 0, 'SIGKILL');
        await pictureIsBack(stage);
      }
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toEqual([]);
    }));

  it('comes back when slicer and ingest are killed together', ({ expect }) =>
    withStage({}, async (stage) => {
      const { house, viewer } = stage;
      for (const { pid } of [house.slicer, ...house.ingests]) process.kill(pid ?? 0, 'SIGKILL');
      await pictureIsBack(stage);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(missing(report)).toBeLessThanOrEqual(12 * fakeFps);
    }));

  it('is served by the other ingest process within 10 s when the one that reads is killed', ({ expect }) =>
    withStage({ ingests: 2 }, async (stage) => {
      const { house, viewer, id } = stage;
      const pid = house.gateway.holderPid('ingest', id) ?? 0;
      process.kill(pid, 'SIGKILL');
      const killedAtMs = performance.now();
      await until(() => (house.gateway.lease('ingest', id)?.epoch ?? 0) === 2);
      expect(house.gateway.holderPid('ingest', id)).not.toBe(pid);
      const { frame } = stage.camera;
      await until(() => viewer.newestFrame >= frame);
      expect(performance.now() - killedAtMs).toBeLessThan(10_000);
      await secondsOfPlay(viewer, 3);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toHaveLength(1);
    }));

  it('is served by one writer only when the ingest process that reads sleeps through its takeover, cells and all', ({
    expect,
  }) =>
    withStage({ ingests: 2 }, async (stage) => {
      const { camera, house, viewer, id } = stage;
      const pid = house.gateway.holderPid('ingest', id) ?? 0;
      const sleepers = [pid, ...(await house.cells())];
      for (const sleeper of sleepers) process.kill(sleeper, 'SIGSTOP');
      await until(() => (house.gateway.lease('ingest', id)?.epoch ?? 0) === 2);
      const { frame } = camera;
      await until(() => viewer.newestFrame >= frame);
      for (const sleeper of sleepers) process.kill(sleeper, 'SIGCONT');
      // The old writer lets go of the camera: one reader is left.
      await until(() => camera.connections === 1);
      await pictureIsBack(stage);
      expect(house.gateway.lease('ingest', id)).toMatchObject({ epoch: 2 });
      expect(house.gateway.holderPid('ingest', id)).not.toBe(pid);
      const report = await viewer.stop();
      expectClean(expect, report);
      expect(report.gaps).toHaveLength(1);
    }));
});
