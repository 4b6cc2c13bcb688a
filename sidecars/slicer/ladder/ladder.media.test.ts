import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { chunkSamples } from '#sidecars/cmaf/chunk-samples.ts';

import { decodePicture } from '../picture/decode-picture.ts';
import { firstChunk } from '../picture/first-chunk.ts';
import { keyChunks } from '../picture/key-chunks.ts';
import { checkPlaylist } from '../playlist-rules.ts';
import { parsePlaylist } from '../playlist/parse-playlist.ts';
import { Bench } from '../testing/bench.ts';
import { hasFfmpeg, makeAudio, makeVideo, type FixtureTrack } from '../testing/fixture-media.ts';
import { LlClient, unevenSteps } from '../testing/ll-client.ts';
import { anAssignment } from '../testing/slicer-under-test.ts';

const frame = 3600;
let tracks: FixtureTrack[] = [];
let audio: FixtureTrack;
const bench = new Bench();

beforeAll(() => {
  if (!hasFfmpeg) return;
  audio = makeAudio(4.096);
  tracks = [makeVideo({ fps: 25, gop: 25, seconds: 4, size: '960x540' }), audio];
}, 60_000);

afterEach(() => bench.clear());

async function bytesOf(url: string): Promise<Buffer> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} for ${url}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** The first chunk of a segment: when its picture is displayed, whether it is a key frame, and what it looks like. */
async function opening(base: string, rendition: string, place: { run: number; mediaSequence: number }) {
  const init = await bytesOf(`${base}/${rendition}/i/${place.run}.mp4`);
  const segment = await bytesOf(`${base}/${rendition}/s/${place.mediaSequence}.m4s`);
  const chunk = firstChunk(segment) ?? Buffer.alloc(0);
  const key = keyChunks(chunk)[0];
  const { grid } = await decodePicture({ init, chunk }, { widthMax: 160, quality: 50 });
  const pts = (key?.tfdt ?? Number.NaN) + (chunkSamples(chunk)[0]?.compositionOffset ?? 0);
  return { pts, isKey: key?.start === 0, grid };
}

function difference(a: Buffer, b: Buffer): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

/** Segments that both renditions hold whole, newest first. */
async function shared(base: string): Promise<{ run: number; mediaSequence: number }[]> {
  const [source, rung] = await Promise.all(
    ['v', '480'].map(async (name) => parsePlaylist((await bytesOf(`${base}/${name}/live.m3u8`)).toString()).segments),
  );
  const whole = rung?.filter((segment) => segment.uri !== null) ?? [];
  return whole
    .filter(({ mediaSequence }) => source?.some((segment) => segment.mediaSequence === mediaSequence && segment.uri))
    .map(({ mediaSequence, map }) => ({ mediaSequence, run: Number(/i\/(\d+)/.exec(map ?? '')?.[1]) }))
    .toReversed();
}

async function expectSameOpening(base: string, place: { run: number; mediaSequence: number }): Promise<void> {
  const source = await opening(base, 'v', place);
  const rung = await opening(base, '480', place);
  expect(rung.isKey).toBe(true);
  expect(Math.abs(rung.pts - source.pts)).toBeLessThanOrEqual(frame);
  expect(difference(rung.grid, source.grid)).toBeLessThan(4);
}

/** Each client follows on its own until there is enough: how long that takes is the machine's business. */
async function followUntil(clients: LlClient[], enough: () => boolean | Promise<boolean>): Promise<void> {
  const state = { isEnough: false };
  const following = clients.map(async (client) => {
    while (!state.isEnough) await client.step();
  });
  try {
    await vi.waitUntil(enough, { timeout: 45_000, interval: 100 });
  } finally {
    state.isEnough = true;
    await Promise.all(following);
  }
}

/** Pids of our own. */
function transcoders(): number[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('transcode-main'))
    .map(Number);
}

describe.skipIf(!hasFfmpeg)('the ladder of a live stream', { timeout: 90_000 }, () => {
  it('is made while it is watched, cut as the source is, and keeps to every rule', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const running = () => slicer.slicer.health().counters['transcodes'];
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() });
    void writer.play(60);
    const index = (await bytesOf(`${base}/index.m3u8?ladder=1`)).toString();
    expect(checkPlaylist(index)).toEqual([]);
    expect(index.split('\n').filter((line) => line.endsWith('.m3u8'))).toEqual([
      'v/live.m3u8',
      '480/live.m3u8',
      'a/live.m3u8',
    ]);
    expect((await bytesOf(`${base}/index.m3u8`)).toString()).not.toContain('480');
    expect(running()).toBe(0);

    const source = new LlClient(base, { rendition: 'v' });
    const rung = new LlClient(base, { rendition: '480' });
    await rung.step();
    expect(running()).toBe(1);
    await followUntil([source, rung], async () => (await shared(base)).length >= 4);
    expect([...source.violations, ...rung.violations]).toEqual([]);
    expect(unevenSteps(rung.frames, 12, frame)).toEqual([]);
    const places = (await shared(base)).slice(0, 3);
    expect(places).toHaveLength(3);
    for (const place of places) await expectSameOpening(base, place);
    // Parts too: the same numbers, lengths and marks.
    const partsOf = ({ playlist }: LlClient) =>
      (playlist?.segments ?? []).filter((segment) => segment.uri && segment.parts.length > 0);
    const bySequence = new Map(partsOf(source).map((segment) => [segment.mediaSequence, segment]));
    const compared = partsOf(rung).filter(({ mediaSequence }) => bySequence.has(mediaSequence));
    expect(compared.length).toBeGreaterThan(0);
    for (const { mediaSequence, parts, dateMs } of compared) {
      const same = bySequence.get(mediaSequence);
      expect({ parts, dateMs }).toEqual({ parts: same?.parts, dateMs: same?.dateMs });
    }

    // Nobody asks any more.
    await vi.waitFor(() => expect(running()).toBe(0), { timeout: 20_000, interval: 200 });
    await vi.waitFor(() => expect(transcoders()).toEqual([]), { timeout: 10_000 });
    expect((await fetch(`${base}/480/s/${places[0]?.mediaSequence}.m4s`)).status).toBe(404);
  });

  it('is played by ffmpeg without a word', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() });
    void writer.play(80);
    // It opens one playlist after the other: those of the source must not run ahead of a rung that is only being begun.
    const rung = new LlClient(base, { rendition: '480' });
    await followUntil([rung], () => rung.playlist?.segments.some(({ uri }) => uri !== null) ?? false);
    const wish = ['-map', '0:p:1:v', '-map', '0:p:1:a', '-t', '6', '-f', 'null', '-', '-progress', 'pipe:1'];
    const player = spawn('ffmpeg', ['-v', 'warning', '-i', `${base}/index.m3u8?ladder=1`, ...wish]);
    let said = '';
    let progress = '';
    player.stderr.on('data', (data: Buffer) => (said += data.toString()));
    player.stdout.on('data', (data: Buffer) => (progress += data.toString()));
    await once(player, 'close');
    // What it says when it meets the same EXT-X-MAP at a reload.
    const warnings = said.split('\n').filter((line) => line !== '' && !/duplicated MOOV|Last message/.test(line));
    expect({ code: player.exitCode, warnings }).toEqual({ code: 0, warnings: [] });
    expect(
      Number(
        progress
          .match(/frame=\s*(\d+)/g)
          ?.at(-1)
          ?.replace(/\D/g, ''),
      ),
    ).toBeGreaterThanOrEqual(95);
  });

  it('goes on without a hole when its process is killed, and nobody at the source notices', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() });
    void writer.play(80);
    const source = new LlClient(base);
    const rung = new LlClient(base, { rendition: '480' });
    await Promise.all([source.step(), rung.step()]);
    await followUntil([source, rung], () => rung.parts.length > 8);
    const killed = transcoders();
    expect(killed).toHaveLength(1);
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    const before = rung.parts.length;
    await followUntil([source, rung], () => rung.parts.length > before + 20);
    expect(transcoders()).not.toEqual(killed);
    expect([...source.violations, ...rung.violations]).toEqual([]);
    expect(unevenSteps(source.frames, 1, frame)).toEqual([]);
    expect(unevenSteps(rung.frames, 12, frame)).toEqual([]);
    for (const place of (await shared(base)).slice(0, 2)) await expectSameOpening(base, place);
  });

  it('follows the source over a change of its parameters', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const first = await bench.writer({ slicer, assignment }, tracks);
    first.beginRun({ startMs: Date.now() });
    const playing = first.play(4);
    const rung = new LlClient(base, { rendition: '480' });
    await rung.step();
    await Promise.all([playing, followUntil([rung], () => rung.parts.length > 8)]);
    const other = [makeVideo({ fps: 25, gop: 25, seconds: 4, size: '1280x720' }), audio];
    const second = await bench.writer({ slicer, assignment }, other, 2);
    second.beginRun({ startMs: Date.now(), run: 2, reason: 'parameters' });
    void second.play(50);
    await followUntil([rung], async () => (await shared(base)).some(({ run }) => run === 2));
    expect(rung.violations).toEqual([]);
    const segments = parsePlaylist((await bytesOf(`${base}/480/live.m3u8`)).toString()).segments;
    const source = parsePlaylist((await bytesOf(`${base}/v/live.m3u8`)).toString()).segments;
    const turn = (list: typeof segments) => list.find((segment) => segment.discontinuity && segment.map === 'i/2.mp4');
    expect(turn(segments)?.mediaSequence).toBe(turn(source)?.mediaSequence);
    const place = (await shared(base)).find(({ run }) => run === 2);
    expect(place).toBeDefined();
    if (place) await expectSameOpening(base, place);
  });

  it('is cut by display time where the source reorders its pictures', async () => {
    const reordered = [
      makeVideo({ fps: 25, gop: 25, seconds: 4, size: '960x540', x264: ':bframes=2:b-adapt=0' }),
      audio,
    ];
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, reordered);
    writer.beginRun({ startMs: Date.now() });
    void writer.play(60);
    const rung = new LlClient(base, { rendition: '480' });
    await rung.step();
    await followUntil([rung], async () => (await shared(base)).length >= 2);
    expect(rung.violations).toEqual([]);
    expect(unevenSteps(rung.frames, 12, frame)).toEqual([]);
    for (const place of (await shared(base)).slice(0, 2)) await expectSameOpening(base, place);
  });

  it('is left out where the machine transcodes as much as it may', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const other = anAssignment();
    slicer.slicer.message({ type: 'slice', full: false, streams: [other] });
    for (const each of [assignment, other]) {
      const writer = await bench.writer({ slicer, assignment: each }, tracks);
      writer.beginRun({ startMs: Date.now() });
      void writer.play(20);
    }
    await new LlClient(base, { rendition: '480' }).step();
    expect((await bytesOf(`${base}/index.m3u8?ladder=1`)).toString()).toContain('480/live.m3u8');
    const elsewhere = base.replace(assignment.streamId, other.streamId);
    expect((await bytesOf(`${elsewhere}/index.m3u8?ladder=1`)).toString()).not.toContain('480');
    const refused = await fetch(`${elsewhere}/480/live.m3u8`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.text()).toContain('transcodes as much as it may');
    expect((await fetch(`${elsewhere}/1080/live.m3u8`)).status).toBe(404);
  });

  it('is given up where it can not keep up, and the source goes on', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    writer.beginRun({ startMs: Date.now() });
    void writer.play(60);
    await new LlClient(base, { rendition: '480' }).step();
    for (const pid of transcoders()) process.kill(pid, 'SIGSTOP');
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${base}/480/live.m3u8`);
        expect(await answer.text()).toContain('could not keep up');
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60']);
      },
      { timeout: 40_000, interval: 500 },
    );
    expect((await bytesOf(`${base}/index.m3u8?ladder=1`)).toString()).not.toContain('480');
    await vi.waitFor(() => expect(transcoders()).toEqual([]), { timeout: 10_000 });
    const source = new LlClient(base);
    await source.step();
    await source.step();
    expect(source.violations).toEqual([]);
  });
});
