import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Demuxer } from 'node-av/api';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { timeline, type StreamPolicy } from '#server/contracts/media-state.ts';

import { fragmentTrack, type FragmentedTrack } from '../disk/sample-media.ts';
import { openSegmentStore, type SegmentStore } from '../disk/segment-store.ts';
import type { LogChunk } from '../disk/segment.ts';
import { createPicturePool, type PicturePool } from '../picture/picture-pool.ts';
import { checkPlaylist } from '../playlist-rules.ts';
import { send } from '../reply.ts';
import { parseJoinedName } from './joined-segment.ts';
import { createRecordedRoutes } from './recorded-routes.ts';
import { Stills } from './stills.ts';

/** A real clip in the log in segments of a second, with a hole of a minute in the middle, behind an HTTP server; libav is the foreign player. */
const log = pino({ level: 'silent' });
const clip = fileURLToPath(new URL('../../../server/testing/fixtures/clip-320x180.mp4', import.meta.url));
const startMs = Date.UTC(2026, 0, 5, 12);
const framesPerSegment = 25;
let dir = '';
let store: SegmentStore;
let pool: PicturePool;
let stills: Stills;
let server: Server;
let origin = '';
let video: FragmentedTrack;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sensorium-routes-'));
  video = await fragmentTrack(clip, 'video', 1);
  store = await openSegmentStore({ dir, epoch: 1, log });
  const track = {
    track: 1,
    kind: 'video',
    codec: 'avc1.42c01e',
    timescale: 1_200_000,
    width: 320,
    height: 180,
  } as const;
  for (const [run, first] of [
    [1, 0],
    [2, 60],
  ] as const) {
    await store.putRun({ run, tracks: [track], inits: new Map([[1, video.init]]), discontinuity: run > 1 });
    for (let second = 0; second < 2; second += 1)
      await writeSecond({ run, mediaSequence: first + second, from: (run - 1) * 2 + second });
  }
  pool = createPicturePool({ log, workers: 1 });
  stills = new Stills(pool);
  server = createServer((request, response) => void answer(request.url ?? '', { request, response }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await pool.close();
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

async function writeSecond({
  run,
  mediaSequence,
  from,
}: {
  run: number;
  mediaSequence: number;
  from: number;
}): Promise<void> {
  const frames = video.chunks.slice(from * framesPerSegment, (from + 1) * framesPerSegment);
  const chunks = frames.map((data, at): LogChunk => {
    const place = {
      tfdt: (from * framesPerSegment + at) * 48_000,
      duration: 48_000,
      captureUs: (startMs + mediaSequence * 1000 + at * 40) * 1000,
    };
    return Object.assign(place, { track: 1, data, key: at === 0, synthetic: false });
  });
  await store.appendPart({ mediaSequence, part: 0, chunks });
  await store.closeSegment({
    mediaSequence,
    run,
    startMs: startMs + mediaSequence * 1000,
    durationMs: 1000,
    discontinuity: mediaSequence === 60,
    synthetic: false,
    independent: true,
  });
}

type Exchange = Pick<Parameters<ReturnType<typeof createRecordedRoutes>['vod']>[0], 'request' | 'response'>;

/** The addresses of the origin that a recorded window leads to. */
async function answer(url: string, { request, response }: Exchange): Promise<void> {
  const { pathname, searchParams: query } = new URL(url, 'http://localhost');
  const policy: StreamPolicy = {
    visibility: 'public',
    demo: false,
    intervalSeconds: null,
    onDemand: false,
    record: { mode: 'always', maxAgeSeconds: 3600, maxBytes: null },
    ladder: 'onDemand',
    graceMs: null,
  };
  const over = { ended: false, endedAtMs: null };
  const window = { segments: [], runs: new Map() };
  const asked = {
    stream: { id: 'stream', store, policy, window, pendingChunks: [], ...over },
    request,
    response,
    query,
  };
  const routes = createRecordedRoutes({ pool, stills, watchOf: () => null });
  const name = path.posix.basename(pathname);
  const joined = parseJoinedName(name);
  if (name === 'vod.m3u8') return routes.vod(asked, 'src');
  if (name === 'timeline.json') return routes.timeline(asked);
  if (name.endsWith('.jpg')) return routes.thumb(asked, name === 'thumb.jpg' ? null : Number.parseInt(name, 10));
  if (joined) return routes.joined(asked, 'src', joined);
  const bytes = name.endsWith('.mp4')
    ? await store.init(Number.parseInt(name, 10), 'all')
    : await store.read(Number.parseInt(name, 10), 'all');
  send(request, response, { type: 'video/mp4', caching: 'no-cache' }, bytes ?? Buffer.alloc(0));
}

const wholeWindow = `?from=${startMs}&to=${startMs + 100_000}`;

test('libav plays every recorded frame over a hole and a change of run', async () => {
  const demuxer = await Demuxer.open(`${origin}/src/vod.m3u8${wholeWindow}`);
  let frames = 0;
  for await (const packet of demuxer.packets()) {
    if (!packet) break;
    frames += 1;
    packet.free();
  }
  await demuxer.close();
  expect(frames).toBe(4 * framesPerSegment);
});

test('the playlist keeps the rules, and what it names may be cached for ever', async () => {
  const response = await fetch(`${origin}/src/vod.m3u8${wholeWindow}`);
  const text = await response.text();
  expect(checkPlaylist(text)).toEqual([]);
  expect(text.match(/^s\/.+$/gm)).toEqual(['s/0-1.m4s', 's/60-61.m4s']);
  const segment = await fetch(`${origin}/src/s/0-1.m4s`);
  expect(segment.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect((await segment.arrayBuffer()).byteLength).toBe(Buffer.concat(video.chunks.slice(0, 50)).length);
});

test('what is not there is said in words', async () => {
  const ask = async (address: string) => {
    const response = await fetch(`${origin}/src/${address}`);
    const body: unknown = await response.json();
    return [response.status, body];
  };
  expect(await ask('s/1-60.m4s')).toMatchObject([
    404,
    { error: { code: 'NOT_FOUND', message: 'segments 1 to 60 are not all kept' } },
  ]);
  expect(await ask(`vod.m3u8?from=${startMs - 9000}&to=${startMs - 1000}`)).toMatchObject([
    404,
    { error: { code: 'NOT_FOUND' } },
  ]);
  expect(await ask('vod.m3u8?from=now')).toMatchObject([400, { error: { code: 'BAD_REQUEST' } }]);
  expect(await ask('thumb.jpg')).toMatchObject([404, { error: { message: 'there is no picture yet' } }]);
});

test('the timeline and the picture of a recorded segment are answered', async () => {
  const spans = timeline.parse(await (await fetch(`${origin}/timeline.json${wholeWindow}`)).json()).spans;
  expect(spans.map((span) => span.kind)).toEqual(['recorded', 'offline', 'recorded', 'offline']);
  const picture = await fetch(`${origin}/thumbs/60.jpg`);
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(0, 3)
      .toString('hex'),
  ).toBe('ffd8ff');
  expect((await fetch(`${origin}/thumbs/7.jpg`)).status).toBe(404);
});
