import { readFileSync } from 'node:fs';

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import type { SlicerAssignment } from '#server/contracts/sidecar.ts';

import { checkPlaylist } from '../playlist-rules.ts';
import { Bench } from '../testing/bench.ts';
import { hasFfmpeg, makeAudio, makeVideo, type FixtureTrack } from '../testing/fixture-media.ts';
import { LlClient, unevenSteps } from '../testing/ll-client.ts';
import { anAssignment, type SlicerUnderTest } from '../testing/slicer-under-test.ts';

const frame = 9000;
const patient = { timeout: 40_000, interval: 200 };
const always = { policy: { ladder: 'always' } } as const;
let tracks: FixtureTrack[] = [];
const bench = new Bench();

beforeAll(() => {
  if (hasFfmpeg) tracks = [makeVideo({ fps: 10, gop: 10, seconds: 4, size: '960x540' }), makeAudio(4.096)];
}, 60_000);

afterEach(async () => {
  vi.restoreAllMocks();
  await bench.clear();
});

async function writes(to: { slicer: SlicerUnderTest; assignment: SlicerAssignment }, run = 1) {
  const writer = await bench.writer(to, tracks, run);
  writer.beginRun({ startMs: Date.now(), run, reason: run === 1 ? 'start' : 'reconnect' });
  void writer.play(80);
  return writer;
}

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

async function rungsOf(base: string): Promise<unknown> {
  const answer = await fetch(`${base}/state.json`);
  const state: unknown = await answer.json();
  return typeof state === 'object' && state !== null && 'rungs' in state ? state.rungs : null;
}

const lists = (text: string): string[] => text.split('\n').filter((line) => line.endsWith('.m3u8'));
const transcodes = ({ slicer }: SlicerUnderTest) => slicer.health().counters['transcodes'];

/** Pids of our own. */
function transcoders(): number[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('transcode-main'))
    .map(Number);
}

describe.skipIf(!hasFfmpeg)('a ladder that the owner has made always', { timeout: 120_000 }, () => {
  it('is made and listed without anybody asking, goes on though nobody watches, and ends with the wish', async () => {
    const { slicer, assignment, base } = await bench.stream(always);
    await writes({ slicer, assignment });
    await vi.waitFor(async () => expect(await rungsOf(base)).toEqual(['480']), patient);
    const index = await textOf(`${base}/index.m3u8`);
    expect(checkPlaylist(index)).toEqual([]);
    expect(lists(index)).toEqual(['v/live.m3u8', '480/live.m3u8', 'a/live.m3u8']);
    expect(lists(await textOf(`${base}/index.m3u8?ladder=0`))).toEqual(['src/live.m3u8']);
    const isTold = () =>
      slicer.sent.some((message) => message.type === 'states' && message.states[0]?.rungs[0] === '480');
    await vi.waitUntil(isTold, patient);

    // What nobody asks for is given up after ten seconds otherwise: segments of one second, of the source alone.
    const source = new LlClient(base, { rendition: 'v' });
    const before = transcoders();
    const newest = () => source.playlist?.segments.at(-1)?.mediaSequence ?? 0;
    await source.step();
    for (const until = newest() + 12; newest() < until;) await source.step();
    expect(before).toHaveLength(1);
    expect(transcoders()).toEqual(before);
    const rung = new LlClient(base, { rendition: '480' });
    await vi.waitFor(async () => {
      await rung.step();
      expect(rung.parts.length).toBeGreaterThan(8);
    }, patient);
    expect(rung.violations).toEqual([]);
    expect(unevenSteps(rung.frames, 12, frame)).toEqual([]);

    const policy = { ...assignment.policy, ladder: 'onDemand' as const };
    slicer.slicer.message({ type: 'slice', full: false, streams: [{ ...assignment, policy }] });
    expect(lists(await textOf(`${base}/index.m3u8`))).toEqual(['src/live.m3u8']);
    await vi.waitFor(async () => expect(await rungsOf(base)).toEqual([]), patient);
    await vi.waitFor(() => expect(transcoders()).toEqual([]), patient);
  });

  it('ends with its source and begins again with it, also in a log that begins anew', async () => {
    const { slicer, assignment, base } = await bench.stream(always);
    const first = await writes({ slicer, assignment });
    await vi.waitFor(() => expect(transcodes(slicer)).toBe(1), patient);
    first.stop();
    await vi.waitFor(() => expect(transcodes(slicer)).toBe(0), patient);
    await writes({ slicer, assignment }, 2);
    await vi.waitFor(async () => expect(await rungsOf(base)).toEqual(['480']), patient);

    await slicer.close();
    const again = await bench.slicer(slicer.dataDir);
    again.slicer.message({ type: 'slice', full: true, streams: [assignment] });
    await writes({ slicer: again, assignment }, 3);
    await vi.waitFor(() => expect(transcodes(again)).toBe(1), patient);
    const rung = new LlClient(`${again.url}/media/${assignment.streamId}`, { rendition: '480' });
    await vi.waitFor(async () => {
      await rung.step();
      expect(rung.parts.length).toBeGreaterThan(4);
    }, patient);
    expect(rung.violations).toEqual([]);
  });

  it('gives way to what somebody watches, and comes back when nobody does', async () => {
    const { slicer, assignment, base } = await bench.stream(always);
    await writes({ slicer, assignment });
    await vi.waitFor(() => expect(transcodes(slicer)).toBe(1), patient);
    const other = anAssignment();
    slicer.slicer.message({ type: 'slice', full: false, streams: [other] });
    await writes({ slicer, assignment: other });
    const elsewhere = base.replace(assignment.streamId, other.streamId);
    await vi.waitFor(async () => {
      expect(lists(await textOf(`${elsewhere}/index.m3u8?ladder=1`))).toContain('480/live.m3u8');
    }, patient);
    await new LlClient(elsewhere, { rendition: '480' }).step();
    expect(await rungsOf(elsewhere)).toEqual(['480']);
    expect(await rungsOf(base)).toEqual([]);
    expect(transcodes(slicer)).toBe(1);
    expect(lists(await textOf(`${base}/index.m3u8`))).toEqual(['src/live.m3u8']);
    // What is watched does not give way.
    expect((await fetch(`${base}/480/live.m3u8`)).status).toBe(503);
    await vi.waitFor(async () => expect(await rungsOf(base)).toEqual(['480']), patient);
  });

  it('rests where the machine can not keep up, and is tried again', async () => {
    const { slicer, assignment, base } = await bench.stream(always);
    await writes({ slicer, assignment });
    await vi.waitFor(() => expect(transcodes(slicer)).toBe(1), patient);
    await vi.waitFor(() => {
      for (const pid of transcoders()) process.kill(pid, 'SIGSTOP');
      expect(transcodes(slicer)).toBe(0);
    }, patient);
    const plain = () => textOf(`${base}/index.m3u8`).then(lists);
    const asked = () => textOf(`${base}/index.m3u8?ladder=1`).then(lists);
    expect(await plain()).toEqual(['src/live.m3u8']);
    const real = performance.now.bind(performance);
    let later = 61_000;
    vi.spyOn(performance, 'now').mockImplementation(() => real() + later);
    await vi.waitFor(async () => expect(await rungsOf(base)).toEqual(['480']), patient);
    expect(await plain()).toContain('480/live.m3u8');

    // In vain again: it is then tried less often, except for who needs it.
    await vi.waitFor(() => {
      for (const pid of transcoders()) process.kill(pid, 'SIGSTOP');
      expect(transcodes(slicer)).toBe(0);
    }, patient);
    later += 61_000;
    expect(await asked()).toContain('480/live.m3u8');
    expect(await plain()).toEqual(['src/live.m3u8']);
    later += 60_000;
    await vi.waitFor(async () => expect(await rungsOf(base)).toEqual(['480']), patient);
  });
});
