import { spawn } from 'node:child_process';
import { once } from 'node:events';

import pino from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { ingestAssignment } from '#server/contracts/sidecar.ts';

import { timeline, mediaState } from '../server/contracts/media-state.ts';
import { Packager } from './ingest/packager.ts';
import { Pull } from './ingest/pull.ts';
import { SourceError } from './ingest/source.ts';
import { openSynthetic } from './ingest/synthetic/open-synthetic.ts';
import { Bench } from './slicer/testing/bench.ts';
import { hasFfmpeg } from './slicer/testing/fixture-media.ts';
import { LlClient } from './slicer/testing/ll-client.ts';
import { leaseToken } from './slicer/testing/test-writer.ts';

const bench = new Bench();
const log = pino({ level: 'silent' });
let pull: Pull | null = null;

afterEach(async () => {
  await pull?.release('outage');
  pull = null;
  await bench.clear();
});

const drawn = {
  label: 'Pier',
  latitude: 35,
  longitude: 139,
  timeZone: 'Asia/Tokyo',
  options: { fps: 15, gopSeconds: 1 },
};

describe.skipIf(!hasFfmpeg)('an outage of a stream that has a grace', () => {
  it('is bridged by a slate that foreign players play through, told as such, left out of recordings, and ends the stream when it lasts', async () => {
    // Longer than the waits between two tries of a source that was away for a moment.
    const graceMs = 6000;
    const { slicer, assignment, base } = await bench.stream({ policy: { graceMs } });
    const { streamId, epochMs } = assignment;
    let isAway = false;
    let breakOff: (error: SourceError) => void = () => {};
    pull = new Pull({
      assignment: ingestAssignment.parse({
        streamId,
        epoch: 1,
        epochMs,
        logUrl: `${slicer.url.replace('http', 'ws')}/log/v1/streams/${streamId}?rung=src`,
        leaseToken: await leaseToken(streamId, 1),
        source: { kind: 'synthetic', address: '', ...drawn },
        graceMs,
      }),
      openSource: async (_source, { sink, signal }) => {
        if (isAway) throw new SourceError('UNREACHABLE', 'away', { retry: true });
        const open = await openSynthetic({ source: drawn, signal }, sink);
        const broken = new Promise<never>((_, reject) => (breakOff = reject));
        return { ...open, done: Promise.race([open.done, broken]) };
      },
      createPackager: (options) => new Packager({ ...options, log }),
      report: () => {},
      onFenced: () => {},
      onLeak: () => {},
      log,
    });
    const leave = () => {
      isAway = true;
      breakOff(new SourceError('CLOSED', 'hung up', { retry: true }));
    };
    const text = async () => (await fetch(`${base}/src/live.m3u8`)).text();
    await vi.waitFor(async () => expect(await text()).toContain('#EXTINF'), { timeout: 15_000 });
    const player = spawn('ffmpeg', [
      '-v',
      'error',
      '-i',
      `${base}/index.m3u8`,
      '-f',
      'null',
      '-',
      '-progress',
      'pipe:1',
    ]);
    let progress = '';
    player.stdout.on('data', (data: Buffer) => (progress += data.toString()));
    const client = new LlClient(base);
    await client.follow(1500);
    const maps = () => new Set(client.playlist?.segments.map(({ map }) => map)).size;
    const followUntil = async (count: number) => {
      for (let tries = 0; tries < 24 && maps() < count; tries += 1) await client.follow(500);
    };
    leave();
    await followUntil(2);
    isAway = false;
    await followUntil(3);
    await client.follow(1500);
    expect(client.violations).toEqual([]);
    // 0: cut short by our own end of following.
    expect(client.statuses.filter((status) => status >= 400)).toEqual([]);
    // Received, slate, received again.
    expect(maps()).toBe(3);
    const state = async () => mediaState.parse(await (await fetch(`${base}/state.json`)).json());
    leave();
    const saidAt = Date.now();
    await vi.waitFor(async () => expect((await state()).state).not.toBe('live'), { timeout: 8000 });
    expect((await state()).writing).toBe(true);
    await vi.waitFor(async () => expect(await text()).toContain('#EXT-X-ENDLIST'), { timeout: 10_000 });
    expect(Date.now() - saidAt).toBeGreaterThan(graceMs - 500);
    await vi.waitFor(async () => expect((await state()).reason).toBe('ended'), { timeout: 10_000 });
    await once(player, 'close');
    expect(player.exitCode).toBe(0);
    expect(
      Number(
        progress
          .match(/frame=(\d+)/g)
          ?.at(-1)
          ?.slice(6),
      ),
    ).toBeGreaterThan(80);
    const { spans } = timeline.parse(await (await fetch(`${base}/timeline.json`)).json());
    expect(spans.map(({ kind }) => kind).filter((kind) => kind !== 'offline')).toEqual([
      'recorded',
      'slate',
      'recorded',
      'slate',
    ]);
    const vod = await (await fetch(`${base}/src/vod.m3u8`)).text();
    expect(vod.match(/i\/\d+\.mp4/g)).toEqual(['i/1.mp4', 'i/3.mp4']);
  });
});
