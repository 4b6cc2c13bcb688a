import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { checkPlaylist } from './playlist-rules.ts';
import { Bench } from './testing/bench.ts';
import { hasFfmpeg, makeVideo, type FixtureTrack } from './testing/fixture-media.ts';
import { LlClient } from './testing/ll-client.ts';

let avc: FixtureTrack[] = [];
let hevc: FixtureTrack[] = [];
const bench = new Bench();

beforeAll(() => {
  if (!hasFfmpeg) return;
  avc = [makeVideo({ fps: 25, gop: 25, seconds: 4 })];
  hevc = [makeVideo({ fps: 25, gop: 25, seconds: 4, codec: 'hevc' })];
});

afterEach(() => bench.clear());

const text = async (address: string) => (await fetch(address)).text();

async function play(
  address: string,
  seconds?: number,
  begun: () => void = () => {},
): Promise<{ code: number | null; frames: number; codec: string }> {
  const limit = seconds === undefined ? [] : ['-t', String(seconds)];
  const player = spawn('ffmpeg', [
    '-v',
    'info',
    '-nostats',
    '-i',
    address,
    ...limit,
    '-f',
    'null',
    '-',
    '-progress',
    'pipe:1',
  ]);
  let progress = '';
  let said = '';
  player.stdout.on('data', (data: Buffer) => (progress += data.toString()));
  player.stderr.on('data', (data: Buffer) => {
    said += data.toString();
    if (said.includes('Output #0')) begun();
  });
  await once(player, 'close');
  const frames = Number(
    progress
      .match(/frame=(\d+)/g)
      ?.at(-1)
      ?.slice(6),
  );
  return { code: player.exitCode, frames, codec: /Video: (\w+)/.exec(said)?.[1] ?? '' };
}

describe.skipIf(!hasFfmpeg)('a change of the codec family', () => {
  it('ends the playlist for who plays, and gives who comes the new one alone', async () => {
    const { slicer, assignment, base } = await bench.stream({ epochMs: Date.now() - 60_000 });
    const first = await bench.writer({ slicer, assignment }, avc);
    first.beginRun({ startMs: Date.now() - 8000 });
    first.sendUntil(8);
    const client = new LlClient(base);
    const newest = () => client.playlist?.segments.at(-1);
    await vi.waitFor(
      async () => {
        await client.step();
        expect([newest()?.mediaSequence, newest()?.parts.length]).toEqual([3, 10]);
      },
      { timeout: 10_000 },
    );
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const following = play(`${base}/index.m3u8`, undefined, begin);
    await begun;
    const held = fetch(`${base}/src/live.m3u8?_HLS_msn=4&_HLS_part=0`);
    const second = await bench.writer({ slicer, assignment }, hevc, 2);
    second.beginRun({ startMs: Date.now(), run: 2, reason: 'parameters' });
    void second.play(20);
    const ended = await (await held).text();
    expect(ended).toContain('#EXT-X-ENDLIST');
    expect(ended).not.toContain('i/2.mp4');
    expect(checkPlaylist(ended, client.text ?? undefined)).toEqual([]);
    // Who comes now waits for the new one.
    const index = await text(`${base}/index.m3u8`);
    expect(index).toContain('CODECS="hvc1');
    const live = await text(`${base}/src/live.m3u8`);
    expect(checkPlaylist(live)).toEqual([]);
    expect(live).toContain('i/2.mp4');
    expect(live).not.toContain('i/1.mp4');
    expect(live).not.toContain('#EXT-X-ENDLIST');
    const codecs = () =>
      slicer.sent.flatMap((message) => (message.type === 'states' ? message.states.map((state) => state.codecs) : []));
    await vi.waitFor(() => expect(codecs().at(-1)).toContain('hvc1'), { timeout: 3000 });
    const old = await following;
    expect(old).toMatchObject({ code: 0, codec: 'h264' });
    expect(old.frames).toBeGreaterThanOrEqual(125);
    expect(await play(`${base}/index.m3u8`, 2)).toMatchObject({ code: 0, codec: 'hevc', frames: 50 });
  });

  it('is not seen in the parameter sets standing in band or not', async () => {
    const { slicer, assignment, base } = await bench.stream({ epochMs: Date.now() - 60_000 });
    const first = await bench.writer({ slicer, assignment }, hevc);
    first.beginRun({ startMs: Date.now() - 8000 });
    first.sendUntil(4);
    const inBand = hevc.map(({ info, init, chunks }) => {
      const renamed = Object.assign({}, info, { codec: info.codec.replace('hvc1', 'hev1') });
      return { info: renamed, init, chunks };
    });
    const second = await bench.writer({ slicer, assignment }, inBand, 2);
    second.beginRun({ startMs: Date.now() - 4000, run: 2, reason: 'parameters' });
    second.sendUntil(3.9);
    await vi.waitFor(
      async () => {
        const live = await text(`${base}/src/live.m3u8`);
        expect(live).toContain('i/1.mp4');
        expect(live).toContain('i/2.mp4');
        expect(live).not.toContain('#EXT-X-ENDLIST');
      },
      { timeout: 10_000 },
    );
  });
});
