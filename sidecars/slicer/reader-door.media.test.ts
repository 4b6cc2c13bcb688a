import { once } from 'node:events';
import { request } from 'node:http';

import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';

import { Bench } from './testing/bench.ts';
import { hasFfmpeg, makeVideo } from './testing/fixture-media.ts';
import { testSecret } from './testing/test-writer.ts';

const bench = new Bench();

afterEach(() => bench.clear());

describe.skipIf(!hasFfmpeg)('readers in the house', () => {
  it('come in however many watch tail.mp4', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, [makeVideo({ fps: 25, gop: 25, seconds: 1 })]);
    writer.beginRun({ startMs: Date.now() - 3000 });
    writer.sendUntil(3);
    await vi.waitFor(async () => expect((await fetch(`${base}/src/s/0.m4s`)).status).toBe(200), { timeout: 10_000 });
    const tails = Array.from({ length: 64 }, () => request(`${base}/tail.mp4`).end());
    await Promise.all(
      tails.map(async (tail) => {
        tail.on('response', (response) => response.resume());
        await once(tail, 'response');
      }),
    );
    const reader = new WebSocket(`${slicer.url.replace('http', 'ws')}/log/v1/streams/${assignment.streamId}/read`, {
      headers: { authorization: `Bearer ${testSecret}` },
    });
    await once(reader, 'open');
    expect(slicer.slicer.health().counters['readers']).toBe(1);
    reader.terminate();
    for (const tail of tails) tail.destroy();
  });
});
