import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';

import { recordType } from '#server/contracts/log-record.ts';
import { mediaState } from '#server/contracts/media-state.ts';

import { checkPlaylist } from './playlist-rules.ts';
import { Bench } from './testing/bench.ts';
import { hasFfmpeg, makeAudio, makeVideo, type FixtureTrack } from './testing/fixture-media.ts';
import { LlClient } from './testing/ll-client.ts';
import type { SlicerUnderTest } from './testing/slicer-under-test.ts';
import { leaseToken } from './testing/test-writer.ts';

let tracks: FixtureTrack[] = [];
const bench = new Bench();

beforeAll(() => {
  if (hasFfmpeg) tracks = [makeVideo({ fps: 25, gop: 25, seconds: 4 }), makeAudio(4.096)];
});

afterEach(() => bench.clear());

const aBroadcast = (graceMs: number | null = 60_000) =>
  bench.stream({ epochMs: Date.now() - 600_000, policy: { graceMs } });

const text = async (address: string) => (await fetch(address)).text();
const statusOf = async (address: string) => (await fetch(address)).status;
const stateOf = async (base: string) => mediaState.parse(await (await fetch(`${base}/state.json`)).json());

async function refusal(slicer: SlicerUnderTest, stream: string, epoch: number): Promise<number> {
  const socket = new WebSocket(`${slicer.url.replace('http', 'ws')}/log/v1/streams/${stream}?rung=src`, {
    headers: { authorization: `Bearer ${await leaseToken(stream, epoch)}` },
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  socket.on('unexpected-response', (_request, response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  socket.on('open', () => {
    resolve(101);
    socket.terminate();
  });
  return promise;
}

/** Frames that ffmpeg decodes of what it takes for the whole of a recording. */
async function framesOf(address: string): Promise<number> {
  const player = spawn('ffmpeg', [
    '-v',
    'error',
    '-i',
    address,
    '-map',
    '0:v',
    '-f',
    'null',
    '-',
    '-progress',
    'pipe:1',
  ]);
  let progress = '';
  player.stdout.on('data', (data: Buffer) => (progress += data.toString()));
  await once(player, 'close');
  return Number(
    progress
      .match(/frame=(\d+)/g)
      ?.at(-1)
      ?.slice(6),
  );
}

describe.skipIf(!hasFfmpeg)('a stream that is ended by word', () => {
  it('answers who waits at once, closes its playlists, and plays from start to end under the same address', async () => {
    const { slicer, assignment, base } = await aBroadcast();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() - 9000 });
    writer.sendUntil(8.92);
    const client = new LlClient(base);
    const newest = () => client.playlist?.segments.at(-1);
    await vi.waitFor(
      async () => {
        await client.step();
        expect([newest()?.mediaSequence, newest()?.parts.length]).toEqual([4, 4]);
      },
      { timeout: 10_000 },
    );
    const last = 4;
    const held = fetch(`${base}/src/live.m3u8?_HLS_msn=${last + 1}&_HLS_part=0`);
    await vi.waitFor(() => expect(slicer.slicer.health().counters['heldRequests']).toBe(1), { timeout: 10_000 });
    const saidAt = Date.now();
    const closed = once(writer.socket, 'close');
    writer.send({ type: recordType.end }, { reason: 'the broadcast is over', graceMs: 0 });
    expect(await (await held).text()).toContain('#EXT-X-ENDLIST');
    expect(Date.now() - saidAt).toBeLessThan(500);
    await closed;
    expect(writer.messages.findLast((message) => message.type === 'ack')?.written).toBe(writer.seq);
    expect(writer.messages.at(-1)).toMatchObject({ type: 'error', code: 'ENDED', retry: false });
    const before = client.text ?? undefined;
    const live = await text(`${base}/src/live.m3u8?_HLS_msn=999`);
    expect(checkPlaylist(live, before)).toEqual([]);
    expect(live).not.toContain('#EXT-X-PART:');
    expect(live).not.toContain('PRELOAD-HINT');
    const index = await text(`${base}/index.m3u8`);
    expect(index).toContain('src/vod.m3u8');
    const vod = await text(`${base}/src/vod.m3u8`);
    expect(checkPlaylist(vod)).toEqual([]);
    expect(await framesOf(`${base}/index.m3u8`)).toBe(223);
    expect(await framesOf(`${base}/src/live.m3u8`)).toBe(223);
    expect(await statusOf(`${base}/src/p/${last + 5}.0.m4s`)).toBe(404);
    expect(await statusOf(`${base}/tail.mp4`)).toBe(410);
    expect(await stateOf(base)).toMatchObject({ state: 'offline', reason: 'ended' });
    expect(await refusal(slicer, assignment.streamId, 2)).toBe(410);
  });

  it('stays ended over a restart of the log, and is whole there too', async () => {
    const { slicer, assignment } = await aBroadcast();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    // Long ago: nothing of it would be in a live window.
    writer.beginRun({ startMs: Date.now() - 400_000 });
    writer.sendUntil(20);
    const closed = once(writer.socket, 'close');
    writer.send({ type: recordType.end }, { reason: 'the broadcast is over', graceMs: 0 });
    await closed;
    await slicer.slicer.close();
    const next = await bench.slicer(slicer.dataDir);
    const assigned = { ...assignment, epoch: 2 };
    next.slicer.message({ type: 'slice', full: true, streams: [assigned] });
    const base = `${next.url}/media/${assignment.streamId}`;
    await vi.waitFor(async () => expect(await statusOf(`${base}/index.m3u8`)).toBe(200), { timeout: 10_000 });
    expect(await text(`${base}/src/live.m3u8`)).toContain('#EXT-X-ENDLIST');
    expect(await framesOf(`${base}/index.m3u8`)).toBe(500);
    expect(await refusal(next, assignment.streamId, 3)).toBe(410);
    next.slicer.message({ type: 'release', streamIds: [assignment.streamId], erase: true });
    await vi.waitFor(async () => expect(await statusOf(`${base}/index.m3u8`)).toBe(410), { timeout: 10_000 });
    expect(await refusal(next, assignment.streamId, 3)).toBe(410);
  });

  it('by its owner ends while its writer still writes', async () => {
    const { slicer, assignment, base } = await aBroadcast();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() - 5000 });
    writer.sendUntil(5);
    await vi.waitFor(async () => expect(await statusOf(`${base}/index.m3u8`)).toBe(200), { timeout: 10_000 });
    const closed = once(writer.socket, 'close');
    const ended = { ...assignment, policy: { ...assignment.policy, ended: true } };
    slicer.slicer.message({ type: 'slice', full: false, streams: [ended] });
    await closed;
    expect(await text(`${base}/src/live.m3u8`)).toContain('#EXT-X-ENDLIST');
  });
});

describe.skipIf(!hasFfmpeg)('a stream whose writer is gone', () => {
  it('goes on where the writer comes back within the grace, under the same playlist', async () => {
    const { slicer, assignment, base } = await aBroadcast(1500);
    const first = await bench.writer({ slicer, assignment }, tracks);
    first.beginRun({ startMs: Date.now() - 6000 });
    first.sendUntil(6);
    const client = new LlClient(base);
    await client.step();
    first.send({ type: recordType.end }, { reason: 'the sender hung up', graceMs: 1500 });
    first.stop();
    await vi.waitFor(async () => expect((await stateOf(base)).writing).toBe(false), { timeout: 10_000 });
    const second = await bench.writer({ slicer, assignment }, tracks, 2);
    second.beginRun({ startMs: Date.now(), run: 2, reason: 'reconnect' });
    await second.play(2.5);
    await client.step();
    expect(client.violations).toEqual([]);
    expect(client.text).not.toContain('#EXT-X-ENDLIST');
    expect(client.text).toContain('#EXT-X-DISCONTINUITY\n');
  });

  it('ends when the grace has run out, whether the writer said so or its line broke', async () => {
    const { slicer, assignment, base } = await aBroadcast(800);
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() - 6000 });
    writer.sendUntil(6);
    await vi.waitFor(async () => expect(await statusOf(`${base}/src/live.m3u8`)).toBe(200), { timeout: 10_000 });
    writer.stop();
    await vi.waitFor(async () => expect(await text(`${base}/src/live.m3u8`)).toContain('#EXT-X-ENDLIST'), {
      timeout: 4000,
    });
    expect(await stateOf(base)).toMatchObject({ reason: 'ended' });
  });

  it('and which is a camera never ends, whatever its writer says', async () => {
    const { slicer, assignment, base } = await aBroadcast(null);
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() - 6000 });
    writer.sendUntil(6);
    writer.send({ type: recordType.end }, { reason: 'released', graceMs: 0 });
    writer.stop();
    await vi.waitFor(async () => expect((await stateOf(base)).writing).toBe(false), { timeout: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await text(`${base}/src/live.m3u8`)).not.toContain('#EXT-X-ENDLIST');
    const next = await bench.writer({ slicer, assignment }, tracks, 2);
    next.beginRun({ startMs: Date.now() - 3000, run: 2, reason: 'reconnect' });
    next.sendUntil(3);
    await vi.waitFor(async () => expect(await text(`${base}/src/live.m3u8`)).toContain('i/2.mp4'), { timeout: 10_000 });
  });
});
