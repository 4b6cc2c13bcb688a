import { open, readdir } from 'node:fs/promises';
import path from 'node:path';

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { errorBody } from '#server/contracts/error-code.ts';
import { timeline, type StreamPolicy } from '#server/contracts/media-state.ts';

import { Bench } from '../testing/bench.ts';
import { hasFfmpeg, makeAudio, makeVideo, type FixtureTrack } from '../testing/fixture-media.ts';
import { playbackToken, type TestWriter } from '../testing/test-writer.ts';

let tracks: FixtureTrack[] = [];
const bench = new Bench();

beforeAll(() => {
  if (hasFfmpeg) tracks = [makeVideo({ fps: 25, gop: 25, seconds: 4, size: '320x180' }), makeAudio(4.096)];
});

afterEach(() => bench.clear());

/** One whose time line began ten minutes ago. */
const aStream = (policy: Partial<StreamPolicy> = {}) => bench.stream({ epochMs: Date.now() - 600_000, policy });

/** The disk has everything up to then. */
const settled = async (base: string, untilMs: number) => {
  await vi.waitFor(
    async () => {
      const { spans } = timeline.parse(await (await fetch(`${base}/timeline.json?from=${untilMs - 60_000}`)).json());
      const covered = spans.findLast(({ kind }) => kind === 'recorded');
      expect(Date.parse(covered?.to ?? '')).toBeGreaterThanOrEqual(untilMs - 50);
    },
    { timeout: 5000 },
  );
};

async function still(
  base: string,
  atMs: number,
  more = '',
): Promise<{ status: number; at: number; response: Response }> {
  const response = await fetch(`${base}/thumb.jpg?at=${atMs}${more}`);
  return { status: response.status, at: Date.parse(response.headers.get('x-capture-time') ?? ''), response };
}

/** `seconds` of media that began `agoMs` ago. */
async function recorded(writer: TestWriter, agoMs: number, seconds: number, run = 1): Promise<number> {
  const startMs = Date.now() - agoMs;
  writer.beginRun({ startMs, run, reason: run > 1 ? 'reconnect' : 'start' });
  writer.sendUntil(seconds);
  return startMs;
}

describe.skipIf(!hasFfmpeg)('the picture of a moment', () => {
  it('is that of the newest key frame at or before it, at the live edge, in memory and from the disk', async () => {
    const { slicer, assignment, base } = await aStream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    const startMs = await recorded(writer, 40_000, 30.5);
    await settled(base, startMs + 28_000);
    // 1 s: long out of memory; 27.4 s: in memory; 30.4 s: in the open segment.
    for (const [after, key] of [
      [0, 0],
      [1400, 1000],
      [12_999, 12_000],
      [27_400, 27_000],
      [30_400, 30_000],
      // Half a minute after the last one, not more.
      [59_000, 30_000],
    ] as const) {
      const { status, at } = await still(base, startMs + after);
      expect({ after, status, key: Math.round(at - startMs) }).toEqual({ after, status: 200, key });
    }
    const late = await still(base, startMs + 61_000);
    expect(late.status).toBe(404);
    expect(errorBody.parse(await late.response.json()).error.code).toBe('NOT_FOUND');
    expect(late.response.headers.get('access-control-allow-origin')).toBe('*');
    expect((await still(base, startMs - 1)).status).toBe(404);
  });

  it('is a JPEG of the width asked for, may be cached for ever once it is past, and is known again by its tag', async () => {
    const { slicer, assignment, base } = await aStream();
    const large = [makeVideo({ fps: 25, gop: 25, seconds: 4, size: '640x360' })];
    const writer = await bench.writer({ slicer, assignment }, large);
    const startMs = await recorded(writer, 100_000, 10);
    await settled(base, startMs + 8000);
    const { response } = await still(base, startMs + 3200);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('access-control-expose-headers')).toContain('x-capture-time');
    const jpeg = Buffer.from(await response.arrayBuffer());
    expect(sizeOf(jpeg)).toEqual([320, 180]);
    const etag = response.headers.get('etag') ?? '';
    const again = await fetch(`${base}/thumb.jpg?at=${startMs + 3700}`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(slicer.slicer.health().counters).toMatchObject({ stillsDecoded: 1, stillBytes: jpeg.length });
    for (const [w, height] of [
      [160, 90],
      [640, 360],
    ] as const) {
      const other = await still(base, startMs + 3200, `&w=${w}`);
      expect(sizeOf(Buffer.from(await other.response.arrayBuffer()))).toEqual([w, height]);
    }
    const head = await fetch(`${base}/thumb.jpg?at=${new Date(startMs + 3200).toISOString()}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([
      200,
      String(jpeg.length),
      etag,
    ]);
    for (const query of ['at=', 'at=yesterday', `at=${startMs}&w=321`, `at=${startMs}&w=x`]) {
      expect({ query, status: (await fetch(`${base}/thumb.jpg?${query}`)).status }).toEqual({ query, status: 400 });
    }
  });

  it('at the newest key frame is not cached: a newer one may be on its way', async () => {
    const { slicer, assignment, base } = await aStream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    const startMs = await recorded(writer, 3000, 2.6);
    await settled(base, startMs + 2000);
    expect((await still(base, startMs + 2500)).response.headers.get('cache-control')).toBe('public, max-age=1');
    expect((await still(base, startMs + 1500)).response.headers.get('cache-control')).toContain('immutable');
  });

  it('within a gap is the last before it, for half a minute; and what retention took is gone', async () => {
    const { slicer, assignment, base } = await aStream();
    const first = await recorded(await bench.writer({ slicer, assignment }, tracks), 200_000, 16);
    await settled(base, first + 14_000);
    await slicer.slicer.close();
    const next = await bench.slicer(slicer.dataDir);
    const record = { mode: 'always', maxAgeSeconds: 120, maxBytes: null } as const;
    const policy = { ...assignment.policy, record };
    next.slicer.message({ type: 'slice', full: true, streams: [{ ...assignment, policy }] });
    const moved = `${next.url}/media/${assignment.streamId}`;
    const writer = await bench.writer({ slicer: next, assignment }, tracks, 2);
    const second = await recorded(writer, 50_000, 8, 2);
    await settled(moved, second + 6000);
    const last = first + 15_000;
    expect(await still(moved, first + 30_000)).toMatchObject({ status: 200, at: last });
    expect((await still(moved, last + 30_500)).status).toBe(404);
    expect((await still(moved, second - 100)).status).toBe(404);
    expect(await still(moved, second + 100)).toMatchObject({ status: 200, at: second });
    // The disk watch looks each ten seconds.
    await vi.waitFor(async () => expect((await still(moved, first + 10_000)).status).toBe(404), { timeout: 20_000 });
    expect(await still(moved, second + 100)).toMatchObject({ status: 200, at: second });
  });

  it('of a key frame that the disk lost is the one before it', async () => {
    const { slicer, assignment, base } = await aStream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    const startMs = await recorded(writer, 100_000, 30);
    await settled(base, startMs + 28_000);
    const dir = path.join(slicer.dataDir, 'media', assignment.streamId);
    const name = (await readdir(dir)).find((file) => file.endsWith('.cmaf')) ?? '';
    const blob = await open(path.join(dir, name), 'r+');
    const { size } = await blob.stat();
    // A black hole over the second quarter of the blob, about 7.5 s to 15 s.
    await blob.write(Buffer.alloc(Math.floor(size / 4)), 0, Math.floor(size / 4), Math.floor(size / 4));
    await blob.close();
    const { status, at } = await still(base, startMs + 11_000);
    expect(status).toBe(200);
    expect(at - startMs).toBeGreaterThan(5000);
    expect(at - startMs).toBeLessThan(8100);
    // Behind it all is well.
    expect(await still(base, startMs + 17_500)).toMatchObject({ status: 200, at: startMs + 17_000 });
  });

  it('is opened by a token in the path, and by none other', async () => {
    const { slicer, assignment, base } = await aStream({ visibility: 'private' });
    const writer = await bench.writer({ slicer, assignment }, tracks);
    const startMs = await recorded(writer, 100_000, 6);
    await settled(base, startMs + 4000);
    const to = (token: string) => `${slicer.url}/media/~${token}/${assignment.streamId}`;
    const opened = await still(to(await playbackToken(assignment.streamId)), startMs + 1000);
    expect([opened.status, opened.response.headers.get('cache-control')]).toEqual([
      200,
      'private, max-age=31536000, immutable',
    ]);
    expect((await still(to(await playbackToken('0198a000-0000-7000-8000-00000000000b')), startMs + 1000)).status).toBe(
      401,
    );
  });

  it('asked for by too many at once is refused with a time to come again, and then made', async () => {
    const { slicer, assignment, base } = await aStream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    const startMs = await recorded(writer, 100_000, 50);
    await settled(base, startMs + 48_000);
    const moments = Array.from({ length: 40 }, (_, at) => startMs + at * 1000 + 10);
    const answers = await Promise.all(moments.map((at) => still(base, at)));
    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(18);
    expect(refused).toHaveLength(22);
    expect(refused[0]?.response.headers.get('retry-after')).toBe('1');
    expect((await still(base, startMs + 39_010)).status).toBe(200);
  });

  it('is no fault yet to who says that they ask again by themselves', async () => {
    const { slicer, assignment, base } = await aStream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    const startMs = await recorded(writer, 100_000, 50);
    await settled(base, startMs + 48_000);
    const headers = { prefer: 'respond-async' };
    const moments = Array.from({ length: 40 }, (_, at) => startMs + at * 1000 + 10);
    const answers = await Promise.all(moments.map((at) => fetch(`${base}/thumb.jpg?at=${at}`, { headers })));
    const later = answers.filter(({ status }) => status === 202);
    expect(answers.filter(({ status }) => status === 200).length + later.length).toBe(40);
    expect(later.length).toBeGreaterThan(0);
    expect(later[0]?.headers.get('retry-after')).toBe('1');
    expect(later[0]?.headers.get('cache-control')).toBe('no-store');
  });
});

/** Width and height out of the JPEG's SOF0. */
function sizeOf(jpeg: Buffer): number[] {
  for (let at = 2; at + 9 < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    if (jpeg[at + 1] === 0xc0) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  }
  return [];
}
