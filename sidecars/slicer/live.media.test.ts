import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, test, vi } from 'vitest';

import { mediaState } from '#server/contracts/media-state.ts';

import { Bench } from './testing/bench.ts';
import { hasFfmpeg, makeAudio, makeVideo, type FixtureTrack } from './testing/fixture-media.ts';
import { LlClient, unevenSteps } from './testing/ll-client.ts';

let tracks: FixtureTrack[] = [];

const it = test.extend<{ bench: Bench }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern which fixtures are wanted
  bench: async ({}, provide) => {
    const bench = new Bench();
    await provide(bench);
    await bench.clear();
  },
});

beforeAll(() => {
  if (hasFfmpeg) tracks = [makeVideo({ fps: 25, gop: 25, seconds: 4 }), makeAudio(4.096)];
});

describe.skipIf(!hasFfmpeg).concurrent('a live stream', () => {
  it('can be played from its first part, and every playlist of ten seconds keeps to the rules', async ({
    expect,
    bench,
  }) => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() });
    const client = new LlClient(base);
    // Two parts of the first segment are there, and no more before the playlist was answered.
    writer.sendUntil(0.5);
    await client.step();
    expect(client.playlist?.segments[0]).toMatchObject({ uri: null });
    expect(client.playlist?.segments[0]?.parts.length).toBeGreaterThan(0);
    void writer.play(20);
    for (const until = Date.now() + 45_000; client.parts.length < 45 && Date.now() < until;) await client.step();
    expect(client.violations).toEqual([]);
    expect(new Set(client.statuses)).toEqual(new Set([200]));
    expect(client.parts.length).toBeGreaterThanOrEqual(45);
    expect(unevenSteps(client.frames, 1, 3600)).toEqual([]);
    expect(unevenSteps(client.frames, 2, 1024)).toEqual([]);
  });

  it('is decoded by ffmpeg, muxed and by tail.mp4, without a warning', async ({ expect, bench }) => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() });
    void writer.play(20);
    const players = ['index.m3u8', 'tail.mp4', 'src/live.m3u8'].map(async (file) => {
      const wish = ['-t', '3', '-f', 'null', '-', '-progress', 'pipe:1'];
      const player = spawn('ffmpeg', ['-v', 'warning', '-i', `${base}/${file}`, ...wish]);
      let said = '';
      let progress = '';
      player.stderr.on('data', (data: Buffer) => (said += data.toString()));
      player.stdout.on('data', (data: Buffer) => (progress += data.toString()));
      await once(player, 'close');
      // What it says when it meets the same EXT-X-MAP at a reload.
      const warnings = said
        .split('\n')
        .filter((line) => line !== '' && !/duplicated MOOV|DTS .*out of order|Last message/.test(line));
      const frames = [...progress.matchAll(/frame=\s*(\d+)/g)].map(([, count]) => Number(count));
      return { file, code: player.exitCode, warnings, frames: Math.max(...frames) };
    });
    for (const { frames, ...played } of await Promise.all(players)) {
      expect(played).toEqual({ file: played.file, code: 0, warnings: [] });
      expect(frames).toBeGreaterThanOrEqual(70);
    }
  });

  it('answers delta updates that make up the same playlist as a full one', async ({ expect, bench }) => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() - 30_000 });
    writer.sendUntil(29);
    const full = new LlClient(base);
    const delta = new LlClient(base, { skips: true });
    await vi.waitFor(
      async () => {
        await full.step();
        expect(full.playlist?.segments.length).toBeGreaterThan(13);
      },
      { timeout: 20_000 },
    );
    void writer.play(120);
    await delta.step();
    const steps = async (client: LlClient) => {
      for (let step = 0; step < 15; step += 1) await client.step();
    };
    await Promise.all([full, delta].map(steps));
    expect([...full.violations, ...delta.violations]).toEqual([]);
    const text = await (await fetch(`${base}/src/live.m3u8?_HLS_skip=YES`)).text();
    expect(text).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=');
    const bare = (client: LlClient) => client.playlist?.segments.map((segment) => ({ ...segment, parts: [] })) ?? [];
    const known = new Map(bare(full).map((segment) => [segment.mediaSequence, segment]));
    const both = bare(delta)
      .slice(0, -2)
      .filter((segment) => known.has(segment.mediaSequence));
    expect(both.length).toBeGreaterThan(10);
    expect(both).toEqual(both.map((segment) => known.get(segment.mediaSequence)));
  });

  it('refuses what lies too far ahead, holds what comes next and lets go in time', async ({ expect, bench }) => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() - 5000 });
    writer.sendUntil(5);
    await vi.waitFor(async () => expect((await fetch(`${base}/src/live.m3u8`)).status).toBe(200), { timeout: 10_000 });
    const status = async (query: string) => (await fetch(`${base}/src/live.m3u8?${query}`)).status;
    expect(await status('_HLS_msn=9')).toBe(400);
    expect(await status('_HLS_part=1')).toBe(400);
    expect(await status('_HLS_msn=x')).toBe(400);
    expect(await status('_HLS_msn=0')).toBe(200);
    // A part past the end of a segment is part 0 of the next, which is there.
    expect(await status('_HLS_msn=1&_HLS_part=99')).toBe(200);
    const startedAt = Date.now();
    const held = await fetch(`${base}/src/live.m3u8?_HLS_msn=3`);
    expect(held.status).toBe(503);
    expect(held.headers.get('retry-after')).not.toBeNull();
    expect(Date.now() - startedAt).toBeGreaterThan(5500);
    expect(Date.now() - startedAt).toBeLessThan(7500);
  });

  it('serves media as immutable, with CORS and ETag, and renditions by track', async ({ expect, bench }) => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() - 5000 });
    writer.sendUntil(5);
    await vi.waitFor(async () => expect((await fetch(`${base}/src/s/0.m4s`)).status).toBe(200), { timeout: 10_000 });
    const answer = await fetch(`${base}/src/s/0.m4s`);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const etag = answer.headers.get('etag') ?? '';
    expect((await fetch(`${base}/src/s/0.m4s`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const whole = Buffer.from(await answer.arrayBuffer());
    const video = Buffer.from(await (await fetch(`${base}/v/s/0.m4s`)).arrayBuffer());
    const audio = Buffer.from(await (await fetch(`${base}/a/s/0.m4s`)).arrayBuffer());
    expect(video.length + audio.length).toBe(whole.length);
    const head = await fetch(`${base}/src/s/0.m4s`, { method: 'HEAD' });
    expect(Number(head.headers.get('content-length'))).toBe(whole.length);
    expect((await fetch(`${base}/src/i/9.mp4`)).status).toBe(404);
    expect((await fetch(`${base}/720/live.m3u8`)).status).toBe(404);
    const state = mediaState.parse(await (await fetch(`${base}/state.json`)).json());
    expect(state).toMatchObject({ width: 320, height: 180, audio: true, writing: true });
  });

  it('asks for a source that sleeps, holds its viewers, and says when it did not come', async ({ expect, bench }) => {
    const { slicer, assignment, base } = await bench.stream({ policy: { onDemand: true } });
    const asked = fetch(`${base}/index.m3u8`);
    await vi.waitFor(() => expect(slicer.sent).toContainEqual({ type: 'want', streamId: assignment.streamId }), {
      timeout: 10_000,
    });
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() });
    void writer.play(2);
    expect((await asked).status).toBe(200);
  });
});

describe.skipIf(!hasFfmpeg)('a client that reads nothing', () => {
  it('does not hold up the others, and its tail jumps instead of growing', async ({ expect, bench }) => {
    const { slicer, assignment, base } = await bench.stream();
    const large = [
      makeVideo({
        fps: 25,
        gop: 25,
        seconds: 4,
        size: '1280x720',
        x264: ':bitrate=12000:vbv-maxrate=12000:vbv-bufsize=12000:nal-hrd=cbr:filler=1',
      }),
    ];
    const writer = await bench.writer({ slicer, assignment }, large);
    writer.beginRun({ startMs: Date.now() });
    const playing = writer.play(9);
    await vi.waitFor(async () => expect((await fetch(`${base}/state.json`)).status).toBe(200), { timeout: 10_000 });
    const stuck = connect(Number(new URL(base).port), '127.0.0.1');
    stuck.pause();
    stuck.write(`GET ${new URL(base).pathname}/tail.mp4 HTTP/1.1\r\nhost: x\r\n\r\n`);
    const client = new LlClient(base);
    await client.follow(8000);
    await playing;
    expect(client.violations).toEqual([]);
    expect(unevenSteps(client.frames, 1, 3600)).toEqual([]);
    expect(slicer.slicer.health().counters['droppedReaders']).toBeGreaterThan(0);
    stuck.destroy();
    await sleep(50);
  });
});
