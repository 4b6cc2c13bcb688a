import { once } from 'node:events';

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';

import { Bench } from './testing/bench.ts';
import { hasFfmpeg, makeAudio, makeVideo, type FixtureTrack } from './testing/fixture-media.ts';
import { LlClient, unevenSteps } from './testing/ll-client.ts';
import { anAssignment } from './testing/slicer-under-test.ts';
import { leaseToken, type TestWriter } from './testing/test-writer.ts';

let tracks: FixtureTrack[] = [];
const bench = new Bench();

beforeAll(() => {
  if (hasFfmpeg) tracks = [makeVideo({ fps: 25, gop: 25, seconds: 4 }), makeAudio(4.096)];
});

afterEach(() => bench.clear());

describe.skipIf(!hasFfmpeg)('the log door', () => {
  it('refuses without a lease, for a stream it does not hold, and below the epoch in force; a higher epoch cuts the lower', async () => {
    const { slicer, assignment } = await bench.stream();
    let location: string | undefined;
    const refused = async (token: string, stream: string = assignment.streamId) => {
      const socket = new WebSocket(`${slicer.url.replace('http', 'ws')}/log/v1/streams/${stream}?rung=src`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const { promise, resolve } = Promise.withResolvers<number>();
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        ({ location } = response.headers);
        resolve(response.statusCode ?? 0);
      });
      return promise;
    };
    const stranger = '0198a000-0000-7000-8000-00000000000b';
    expect(await refused('none')).toBe(401);
    expect(await refused(await leaseToken(assignment.streamId, 1, 'another secret'))).toBe(401);
    expect(await refused(await leaseToken(stranger, 1), stranger)).toBe(404);
    const first = await bench.writer({ slicer, assignment }, tracks, 2);
    expect(await refused(await leaseToken(assignment.streamId, 1))).toBe(409);
    const closed = once(first.socket, 'close');
    const second = await bench.writer({ slicer, assignment }, tracks, 3);
    await closed;
    expect(second.messages[0]).toMatchObject({ type: 'hello', lastSeqWritten: 0 });
    slicer.slicer.message({
      type: 'release',
      streamIds: [assignment.streamId],
      erase: false,
      movedTo: 'http://node-b:7000',
    });
    await vi.waitFor(async () => expect(await refused(await leaseToken(assignment.streamId, 4))).toBe(421), {
      timeout: 10_000,
    });
    expect(location).toBe(`http://node-b:7000/log/v1/streams/${assignment.streamId}?rung=src`);
    expect((await fetch(`${slicer.url}/media/${assignment.streamId}/index.m3u8`)).status).toBe(503);
    // A node that has just begun does not know yet what it will hold.
    const fresh = await bench.slicer();
    expect((await fetch(`${fresh.url}/media/${assignment.streamId}/index.m3u8`)).headers.get('retry-after')).toBe('1');
    fresh.slicer.message({ type: 'slice', full: true, streams: [] });
    expect((await fetch(`${fresh.url}/media/${assignment.streamId}/index.m3u8`)).status).toBe(404);
  });

  it('takes each chunk once when a line breaks and what was not acknowledged comes again', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    const records: Buffer[] = [];
    const send = writer.send.bind(writer);
    writer.send = (header, payload) => {
      const record = send(header, payload);
      records.push(record);
      return record;
    };
    writer.beginRun({ startMs: Date.now() - 4000 });
    writer.sendUntil(2.5);
    await vi.waitFor(
      () => expect(writer.messages.findLast((message) => message.type === 'ack')?.written).toBeGreaterThan(50),
      { timeout: 10_000 },
    );
    writer.stop();
    const again = await bench.writer({ slicer, assignment }, tracks);
    expect(again.messages[0]).toMatchObject({ type: 'hello', lastRun: 1, lastSeqWritten: records.length });
    for (const record of records.slice(-40)) again.socket.send(record);
    again.seq = records.length;
    const client = new LlClient(base);
    await client.step();
    expect(unevenSteps(client.frames, 1, 3600)).toEqual([]);
    expect(client.violations).toEqual([]);
    expect(slicer.slicer.health().counters['doubles']).toBe(40);
  });

  it('begins a new run with a discontinuity when the source comes back, and numbers go on by one', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const first = await bench.writer({ slicer, assignment }, tracks);
    first.beginRun({ startMs: Date.now() - 10_000 });
    first.sendUntil(5);
    const client = new LlClient(base);
    const followed = async () => {
      await client.step();
      expect(client.parts.length).toBeGreaterThan(10);
    };
    await vi.waitFor(followed, { timeout: 10_000 });
    const second = await bench.writer({ slicer, assignment }, tracks, 2);
    second.beginRun({ startMs: Date.now() - 3000, run: 1 });
    void second.play(6);
    await client.follow(3500);
    expect(client.violations).toEqual([]);
    const segments = client.playlist?.segments ?? [];
    expect(segments.filter((segment) => segment.discontinuity)).toHaveLength(1);
    expect(segments.map((segment) => segment.mediaSequence)).toEqual(segments.map((_, at) => at));
    const times = client.frames.filter((frame) => frame.track === 1).map((frame) => frame.tfdt);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  });
});

describe.skipIf(!hasFfmpeg)('a writer is asked for a key frame', () => {
  const asked = (writer: TestWriter) => writer.messages.filter((message) => message.type === 'request');

  it('once a second at most, by viewers that have nothing to begin with', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, tracks);
    const waiting = [1, 2, 3].map(() => fetch(`${base}/index.m3u8`));
    await vi.waitFor(() => expect(asked(writer)).toEqual([{ type: 'request', keyframe: true }]), { timeout: 10_000 });
    writer.beginRun({ startMs: Date.now() });
    void writer.play(1);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await fetch(`${base}/src/live.m3u8`)).status).toBe(200);
    expect(asked(writer)).toHaveLength(1);
  });

  it('where its GOP outlasts a segment, with the place of the cut', async () => {
    const { slicer, assignment, base } = await bench.stream();
    const writer = await bench.writer({ slicer, assignment }, [makeVideo({ fps: 10, gop: 200, seconds: 20 })]);
    writer.beginRun({ startMs: Date.now() - 20_000 });
    writer.sendUntil(8);
    await vi.waitFor(() => expect(asked(writer).length).toBeGreaterThan(0), { timeout: 10_000 });
    const [request] = asked(writer);
    const cutAt = request?.type === 'request' ? request.cutAt : undefined;
    // TARGETDURATION is two seconds until a GOP has told more.
    expect((cutAt ?? 0) / 90_000 - (Date.now() - 20_000 - assignment.epochMs) / 1000).toBeCloseTo(2, 0);
    expect(await (await fetch(`${base}/src/live.m3u8`)).text()).not.toContain('INDEPENDENT-SEGMENTS');
  });
});

describe.skipIf(!hasFfmpeg)('a slicer that starts again', () => {
  it('goes on where the disk ended: numbers +1, no frame twice, none lost, no rule broken', async () => {
    const one = await bench.slicer();
    const assignment = anAssignment();
    one.slicer.message({ type: 'slice', full: true, streams: [assignment] });
    const writer = await bench.writer({ slicer: one, assignment }, tracks);
    const startMs = Date.now();
    writer.beginRun({ startMs });
    const client = new LlClient(`${one.url}/media/${assignment.streamId}`);
    void writer.play(5.1);
    await client.follow(5300);
    await vi.waitFor(
      () => expect(writer.messages.findLast((message) => message.type === 'ack')?.written).toBeGreaterThan(200),
      { timeout: 10_000 },
    );
    const last = client.playlist?.segments.at(-1)?.mediaSequence ?? -1;
    writer.stop();
    await one.close();

    const two = await bench.slicer(one.dataDir);
    two.slicer.message({ type: 'slice', full: true, streams: [{ ...assignment, epoch: 2, firstMediaSequence: 500 }] });
    const again = await bench.writer({ slicer: two, assignment }, tracks);
    const hello = again.messages[0];
    expect(hello?.type === 'hello' && hello.lastSeqWritten).toBeGreaterThan(200);
    const resumed = new LlClient(`${two.url}/media/${assignment.streamId}`);
    // Everything from the start: what the log has is known by its number, so the writer goes on behind it.
    again.seq = 0;
    again.beginRun({ startMs });
    void again.play(9);
    await resumed.follow(3500);
    expect(resumed.violations).toEqual([]);
    const numbers = resumed.playlist?.segments.map((segment) => segment.mediaSequence) ?? [];
    expect(numbers).toEqual(numbers.map((_, at) => at));
    expect(numbers.at(-1)).toBeGreaterThan(last);
    expect(unevenSteps(resumed.frames, 1, 3600)).toEqual([]);
  });
});
