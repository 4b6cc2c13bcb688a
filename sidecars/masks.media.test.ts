import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';

import { Decoder, Demuxer } from 'node-av/api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { StreamId } from '#server/contracts/ids.ts';
import type { PictureRegion } from '#server/contracts/picture-region.ts';
import { aLoopbackGuard } from '#server/testing/foreign-media.ts';
import { MediaHouse } from '#server/testing/media-house.ts';

import { takeLook } from './ingest/look.ts';

/** What is painted over never leaves: seen in the media that viewers get. */

const clip = fileURLToPath(new URL('../server/testing/fixtures/clip-320x180.mp4', import.meta.url));
const [width, height] = [320, 180];
/** The left upper quarter. */
const quarter: PictureRegion = [
  [0, 0],
  [0.5, 0],
  [0.5, 0.5],
  [0, 0.5],
];
const guard = aLoopbackGuard();
let house: MediaHouse;
let pictures: Server;
let jpeg = Buffer.alloc(0);
let asked = 0;

beforeAll(async () => {
  const drawn = { kind: 'synthetic' as const, address: '', label: 'x', latitude: 35, longitude: 139, timeZone: 'UTC' };
  const { log, signal } = await quiet();
  const report = await takeLook(
    { ...drawn, options: { width, height, scene: 'test' } },
    { guard, log, signal, dataDir: '/tmp' },
  );
  jpeg = Buffer.from(report.thumbnail ?? '', 'base64');
  pictures = createServer((_request, response) => {
    asked += 1;
    // A comment makes each of them another picture.
    const comment = Buffer.from([0xff, 0xfe, 0, 4, asked >> 8, asked & 255]);
    response.setHeader('content-type', 'image/jpeg');
    response.end(Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]));
  }).listen(0, '127.0.0.1');
  house = await MediaHouse.start();
}, 60_000);
afterAll(async () => {
  pictures?.close();
  await guard.close();
  await house?.close();
});

async function quiet() {
  const { pino } = await import('pino');
  return { log: pino({ level: 'silent' }), signal: new AbortController().signal };
}

interface Segment {
  run: string;
  media: Buffer;
}

/** The closed segments of the live playlist, each with its init. */
async function segmentsOf(id: StreamId): Promise<Segment[]> {
  const bytes = async (url: URL | string) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${answer.status} for ${String(url)}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const linesOf = async (url: URL | string) => (await bytes(url)).toString().split('\n');
  const index = await linesOf(`${house.mediaUrl(id)}/index.m3u8`);
  const base = new URL(`${house.mediaUrl(id)}/${index.find((line) => line.endsWith('live.m3u8')) ?? ''}`);
  const segments: Segment[] = [];
  let run = '';
  for (const line of await linesOf(base)) {
    run = /^#EXT-X-MAP:URI="([^"]+)"/.exec(line)?.[1] ?? run;
    if (!line.includes('.m4s') || line.startsWith('#')) continue;
    segments.push({
      run,
      media: Buffer.concat([await bytes(new URL(run, base)), await bytes(new URL(line, base))]),
    });
  }
  return segments;
}

/** Highest luma well inside the mask, and mean luma well outside of it, of each picture of a segment. */
async function lumaOf(media: Buffer): Promise<{ inside: number; outside: number }[]> {
  const demuxer = await Demuxer.open(media, { format: 'mp4', skipStreamInfo: true });
  const stream = demuxer.video();
  if (!stream) throw new Error('there is no video in the segment');
  const decoder = await Decoder.create(stream, { context: { threadCount: 1 } });
  const seen: { inside: number; outside: number }[] = [];
  const take = async () => {
    for (let frame = await decoder.receive(); frame && typeof frame === 'object'; frame = await decoder.receive()) {
      const [luma] = frame.data ?? [];
      const stride = frame.linesize[0] ?? 0;
      const rows = (from: number, to: number, left: number, right: number) =>
        Array.from({ length: to - from }, (_, row) => [
          ...(luma?.subarray((from + row) * stride + left, (from + row) * stride + right) ?? []),
        ]).flat();
      const [w, h] = [frame.width, frame.height];
      const inside = rows(2, h / 2 - 4, 2, w / 2 - 4);
      const outside = rows(h / 2 + 8, h - 2, w / 2 + 8, w - 2);
      seen.push({
        inside: Math.max(...inside),
        outside: outside.reduce((sum, value) => sum + value, 0) / outside.length,
      });
      frame.free();
    }
  };
  for await (const packet of demuxer.packets(stream.index)) {
    if (!packet) break;
    await decoder.decode(packet);
    packet.free();
    await take();
  }
  await decoder.decode(null);
  await take();
  decoder.close();
  await demuxer.close();
  return seen;
}

/** Black is 16; an encoder may ring by a few. */
const isCovered = ({ inside }: { inside: number }) => inside <= 24;

async function untilSegments(id: StreamId, enough: (segments: Segment[]) => boolean): Promise<Segment[]> {
  let segments: Segment[] = [];
  await vi.waitUntil(
    async () => {
      segments = await segmentsOf(id).catch(() => []);
      return enough(segments);
    },
    { timeout: 40_000, interval: 300 },
  );
  return segments;
}

describe('masks', { timeout: 90_000 }, () => {
  it('set on a running camera cover every picture from the new run on, also of video that was passed on as it came', async () => {
    const id = house.gateway.addStream({ kind: 'file', address: clip });
    const before = await untilSegments(id, (segments) => segments.length >= 1);
    const open = await lumaOf(before[0]?.media ?? Buffer.alloc(0));
    expect(open.length).toBeGreaterThan(5);
    expect(open.some(isCovered)).toBe(false);
    const firstRun = before[0]?.run;
    house.gateway.changeSource(id, { masks: [quarter] });
    const after = await untilSegments(id, (segments) => segments.filter(({ run }) => run !== firstRun).length >= 2);
    const masked = await Promise.all(after.filter(({ run }) => run !== firstRun).map(({ media }) => lumaOf(media)));
    expect(masked.flat().length).toBeGreaterThan(20);
    expect(masked.flat().filter((picture) => !isCovered(picture))).toEqual([]);
    expect(Math.min(...masked.flat().map((picture) => picture.outside))).toBeGreaterThan(30);
  });

  it.each(['synthetic', 'snapshot'] as const)('cover every picture of a %s camera', async (kind) => {
    const port = (() => {
      const address = pictures.address();
      return typeof address === 'object' ? address?.port : 0;
    })();
    const address = kind === 'snapshot' ? `http://127.0.0.1:${port}/a.jpg` : '';
    const options =
      kind === 'snapshot' ? { intervalSeconds: 1 } : { width, height, fps: 10, gopSeconds: 1, scene: 'test' as const };
    const id = house.gateway.addStream({ kind, address, options, masks: [quarter] });
    const segments = await untilSegments(id, (found) => found.length >= 2);
    const seen = (await Promise.all(segments.map(({ media }) => lumaOf(media)))).flat();
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.filter((picture) => !isCovered(picture))).toEqual([]);
    expect(Math.max(...seen.map((picture) => picture.outside))).toBeGreaterThan(30);
  });
});
