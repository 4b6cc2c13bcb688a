/**
 * What it costs to take in 1080p60 at 6 Mb/s by RTSP, keep it and offer it as low-latency HLS: CPU of all our processes with idle subtracted,
 * memory of the media processes, and the CPU of Debian's `ffmpeg -c copy -f hls` on the same stream in the same run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { withRunningSystem, type RunningSystem } from '../bin/running-system.ts';
import { becomeOwner, type Owner } from './owner.ts';
import { cpuSecondsOf, measureCores, processTree, pssMiB } from './process-usage.ts';
import { report, say } from './report.ts';
import { startPublisher } from './rtsp-publisher.ts';

const windowSeconds = 20;
/** Cameras that have been clean for ten minutes share a cell; a bench can't wait for that and says so. */
const settled = { env: { SOURCE_PROBATION_SECONDS: '0' } };
const root = resolve(import.meta.dirname, '..');

async function addStreams(owner: Owner, url: string, from: number, to: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = from; index <= to; index += 1) {
    const camera = await owner.addCamera({
      name: `Bench ${index}`,
      latitude: 0,
      longitude: 0,
      kind: 'rtsp',
      address: url,
      ingest: 'always',
    });
    ids.push(camera.streamId);
    // One after the other: GStreamer's server can hang when eight clients connect at once.
    await sleep(500);
  }
  return ids;
}

async function untilLive(system: RunningSystem, streamIds: string[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (const id of streamIds) {
    for (;;) {
      const response = await fetch(`${system.address}/media/${id}/src/live.m3u8`);
      const text = await response.text();
      if (response.ok && text.includes('#EXTINF')) break;
      if (Date.now() > deadline) throw new Error(`stream ${id} is not live: ${response.status} ${text.slice(0, 200)}`);
      await sleep(250);
    }
  }
}

async function ffmpegCores(url: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-ffmpeg-'));
  const child = spawn(
    'ffmpeg',
    [
      '-loglevel',
      'error',
      '-rtsp_transport',
      'tcp',
      '-i',
      url,
      '-c',
      'copy',
      '-f',
      'hls',
      '-hls_time',
      '1',
      '-hls_list_size',
      '6',
      '-hls_flags',
      'delete_segments',
      '-hls_segment_type',
      'fmp4',
      join(folder, 'live.m3u8'),
    ],
    { stdio: 'ignore' },
  );
  await sleep(5000);
  const before = cpuSecondsOf(processTree(child.pid ?? 0));
  const began = performance.now();
  await sleep(windowSeconds * 1000);
  const cores = (cpuSecondsOf(processTree(child.pid ?? 0)) - before) / ((performance.now() - began) / 1000);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  rmSync(folder, { recursive: true, force: true });
  return cores;
}

const words = (by: Map<string, number>) => [...by].map(([name, cores]) => `${name} ${cores.toFixed(3)}`).join(', ');

export async function benchMedia(): Promise<void> {
  const publisher = await startPublisher();
  try {
    await withRunningSystem(
      root,
      async (system) => {
        const owner = await becomeOwner(system.address, system.ownerLink ?? '');
        await owner.removeAllCameras();
        const pid = system.supervisor.pid ?? 0;
        await sleep(8000);
        const atFirst = await measureCores(pid, windowSeconds);
        say(`idle at first: ${atFirst.total.toFixed(4)} of a core (${words(atFirst.by)})`);

        await untilLive(system, await addStreams(owner, publisher.url, 1, 1));
        await sleep(5000);
        const one = await measureCores(pid, windowSeconds);
        say(`one stream, with idle: ${one.total.toFixed(4)} (${words(one.by)})`);
        const ffmpeg = await ffmpegCores(publisher.url);
        say(`ffmpeg -c copy -f hls: ${ffmpeg.toFixed(4)}`);

        await untilLive(system, await addStreams(owner, publisher.url, 2, 8));
        await sleep(8000);
        const eight = await measureCores(pid, windowSeconds);
        say(`eight streams, with idle: ${eight.total.toFixed(4)} (${words(eight.by)})`);
        const media = processTree(pid).filter(({ command }) => /sidecars\/(ingest|slicer)\//.test(command));
        const memory = media.map((each) => pssMiB(each.pid));
        say(`memory of ${media.length} media processes: ${memory.map((mib) => mib.toFixed(0)).join(' + ')} MiB`);
        await owner.removeAllCameras();
        await sleep(8000);
        const atLast = await measureCores(pid, windowSeconds);
        say(`idle at last: ${atLast.total.toFixed(4)} of a core (${words(atLast.by)})`);
        // A system that has just started is busy with itself, and would lend its streams what it saves later.
        const idle = Math.min(atFirst.total, atLast.total);
        report(
          'media',
          {
            cpuCores1: one.total - idle,
            cpuCores8: eight.total - idle,
            pssPerStreamMb: memory.reduce((sum, mib) => sum + mib, 0) / 8,
            idleCores: idle,
          },
          { ffmpegHls: (one.total - idle) / ffmpeg },
        );
      },
      settled,
    );
  } finally {
    await publisher.close();
  }
}
