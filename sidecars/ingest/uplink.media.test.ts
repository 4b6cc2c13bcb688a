import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { recordType } from '#server/contracts/log-record.ts';

import { faultsOf, LogServer } from './testing/log-server.ts';
import { aChunk, aClock, anEnd, anInit, aRun } from './testing/records.ts';
import { Uplink, type UplinkOptions } from './uplink.ts';

const log = pino({ level: 'silent' });
const id = 'cam';
const gop = 15;

/** What the collector may hold back is not what is measured here. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
}

/** Pushes pictures and sound as a camera would, for ever, whatever the line does. */
class Camera {
  n = 0;
  #timer: NodeJS.Timeout | null = null;

  start(uplink: Uplink, { run = 1, everyMs = 5, size = 200 } = {}): void {
    for (const record of [aRun(run), anInit(1), anInit(2), aClock(1), aClock(2)]) uplink.push(record);
    this.#timer = setInterval(() => {
      uplink.push(aChunk({ n: this.n, key: this.n % gop === 0, size }));
      if (this.n % 5 === 4) uplink.push(aChunk({ track: 2, n: (this.n - 4) / 5, key: true }));
      this.n += 1;
    }, everyMs);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }
}

describe('the line to the log', { timeout: 40_000 }, () => {
  let server: LogServer;
  let camera: Camera;
  const uplinks: Uplink[] = [];
  const onFenced = vi.fn<(reason: string) => void>();

  function connect(over: Partial<UplinkOptions> = {}): Uplink {
    const uplink = new Uplink({ logUrl: server.url(id), leaseToken: 'epoch-1', log, onFenced, ...over });
    uplinks.push(uplink);
    return uplink;
  }

  const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 15_000, interval: 10 });
  const taken = () => server.stream(id).chunks().length;

  beforeEach(async () => {
    server = await LogServer.start();
    camera = new Camera();
    onFenced.mockReset();
  });
  afterEach(async () => {
    camera.stop();
    await Promise.all(uplinks.splice(0).map((uplink) => uplink.close(0)));
    await server.close();
  });

  it('hears when and where the log wants a key frame, and that it is to stop, and is fenced by a stream that is over', async () => {
    const onKeyFrameWanted = vi.fn<(cutAt: number | null) => void>();
    const onStopWanted = vi.fn<() => void>();
    const uplink = connect({ onKeyFrameWanted, onStopWanted });
    await uplink.opened;
    server.stream(id).say({ type: 'request', keyframe: true });
    server.stream(id).say({ type: 'request', cutAt: 900 });
    server.stream(id).say({ type: 'request', stop: true });
    await until(() => onStopWanted.mock.calls.length > 0);
    expect(onKeyFrameWanted.mock.calls).toEqual([[null], [900]]);
    expect(uplink.counters.connected).toBe(true);
    server.refusals = [{ status: 410 }];
    server.cut();
    await until(() => onFenced.mock.calls.length > 0);
    expect(onFenced).toHaveBeenCalledWith('the stream is over');
  });

  it('lets a log that leaves finish, then goes on with the next line where it stopped', async () => {
    const uplink = connect();
    await uplink.opened;
    camera.start(uplink);
    await until(() => taken() > 20);
    server.stream(id).say({ type: 'request', drain: true });
    await until(() => server.stream(id).lines === 2);
    const before = taken();
    await until(() => taken() > before + 20);
    expect(faultsOf(server.stream(id).chunks())).toEqual([]);
    expect(server.stream(id).chunkRepeats).toBe(0);
    expect(uplink.counters).toMatchObject({ reconnects: 1, droppedRecords: 0, connected: true });
  });

  it('gives every record once and in order through cuts and a log that forgets its last records', async () => {
    const uplink = connect();
    await uplink.opened;
    camera.start(uplink);
    for (let round = 1; round <= 4; round += 1) {
      const before = taken();
      await until(() => taken() > before + 20);
      // What is forgotten below came after the last acknowledgement, however many came at once before.
      if (round % 2 === 0) server.stream(id).acknowledges = false;
      const unacknowledged = taken();
      await until(() => taken() > unacknowledged + 10);
      if (round % 2 === 0) server.stream(id).forget(5);
      server.cut();
      server.stream(id).acknowledges = true;
      await until(() => server.stream(id).lines === round + 1);
    }
    const before = taken();
    await until(() => taken() > before + 20);
    const stream = server.stream(id);
    expect(faultsOf(stream.chunks())).toEqual([]);
    expect(faultsOf(stream.chunks(2))).toEqual([]);
    expect(stream.chunks()[0]?.n).toBe(0);
    expect(stream.chunkRepeats).toBe(0);
    expect(stream.preambleRepeats).toBe(4 * 5);
    expect(stream.runs()).toHaveLength(1);
    expect(uplink.counters).toMatchObject({ reconnects: 4, droppedRecords: 0, connected: true });
  });

  it('drops whole GOPs while the log is away too long, says so, and goes on at a key picture', async () => {
    const uplink = connect({ bounds: { ageMsMax: 400 } });
    await uplink.opened;
    camera.start(uplink);
    await until(() => taken() > 20);
    server.refusals = Array.from({ length: 4 }, () => ({ status: 404 }));
    const { n } = camera;
    server.cut();
    await until(() => (server.stream(id).chunks().at(-1)?.n ?? 0) > n + 200);
    const chunks = server.stream(id).chunks();
    expect(faultsOf(chunks)).toEqual([]);
    expect(faultsOf(server.stream(id).chunks(2))).toEqual([]);
    const resumed = chunks.filter((chunk, index) => index > 0 && chunk.n !== (chunks[index - 1]?.n ?? 0) + 1);
    // On a busy machine our own pause may drop some more: each time it goes on at a key picture.
    expect(resumed.length).toBeGreaterThan(0);
    expect(resumed.filter((chunk) => (chunk.n ?? 1) % gop !== 0)).toEqual([]);
    expect(uplink.counters.droppedRecords).toBeGreaterThan(0);
  });

  it('notices a log that is frozen within 3 s and goes on when it is back', async () => {
    const uplink = connect();
    await uplink.opened;
    camera.start(uplink, { everyMs: 20 });
    await until(() => taken() > 10);
    server.freeze();
    const frozenAt = performance.now();
    await until(() => !uplink.counters.connected);
    expect(performance.now() - frozenAt).toBeLessThan(5000);
    server.thaw();
    const { n } = camera;
    await until(() => (server.stream(id).chunks().at(-1)?.n ?? 0) > n + 10);
    expect(faultsOf(server.stream(id).chunks())).toEqual([]);
    expect(uplink.counters.droppedRecords).toBe(0);
  });

  it('holds no more than its bound for a log that never reads', async () => {
    const bytesMax = 16 * 1024 * 1024;
    const uplink = connect({ bounds: { bytesMax } });
    await uplink.opened;
    server.freeze();
    for (const record of [aRun(1, ['video']), anInit(1)]) uplink.push(record);
    const before = process.memoryUsage().arrayBuffers;
    let highest = 0;
    // 400 MB in GOPs of 1.5 MB.
    for (let n = 0; n < 4000; n += 1) {
      uplink.push(aChunk({ n, key: n % gop === 0, size: 100_000 }));
      highest = Math.max(highest, uplink.counters.unacknowledgedBytes);
      if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(highest).toBeLessThanOrEqual(bytesMax + 100_100);
    expect(uplink.counters.droppedRecords).toBeGreaterThan(3000);
    // What the socket still holds once the collector has run; without the bound it would be 400 MB.
    await vi.waitFor(
      () => {
        collectGarbage();
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150 * 1024 * 1024);
      },
      { timeout: 10_000 },
    );
  });

  it('stops for good when a higher epoch is in force', async () => {
    const old = connect();
    await old.opened;
    camera.start(old);
    await until(() => taken() > 10);
    const successor = connect({ leaseToken: 'epoch-2' });
    await successor.opened;
    await vi.waitFor(() => expect(onFenced).toHaveBeenCalledOnce(), { timeout: 5000 });
    const { length } = server.tokens;
    camera.stop();
    successor.push(aRun(2));
    successor.push(aChunk({ n: 9999, key: true }));
    await until(() => server.stream(id).chunks().at(-1)?.n === 9999);
    expect(server.stream(id).taken.at(-1)).toMatchObject({ epoch: 2, seq: 2 });
    expect(server.tokens).toHaveLength(length);
  });

  it('follows a log that has moved and comes back after 404, 401 and 503', async () => {
    const elsewhere = await LogServer.start();
    elsewhere.refusals = [{ status: 404 }, { status: 503, headers: { 'retry-after': '0' } }, { status: 401 }];
    server.refusals = Array.from({ length: 4 }, () => ({
      status: 421,
      headers: { location: `http://${elsewhere.origin}/log/v1/streams/${id}?rung=src` },
    }));
    const uplink = connect();
    expect(await uplink.opened).toEqual({ lastRun: 0, lastSeqWritten: 0 });
    expect(elsewhere.tokens).toEqual(['epoch-1', 'epoch-1', 'epoch-1', 'epoch-1']);
    await uplink.close(0);
    await elsewhere.close();
  });

  it('comes back with a renewed token without waiting', async () => {
    server.refusals = [{ status: 503, headers: { 'retry-after': '30' } }];
    const uplink = connect();
    await until(() => server.tokens.length === 1);
    // The refusal is on its way; a renewal before it arrives would meet no waiting.
    await new Promise((resolve) => setTimeout(resolve, 100));
    uplink.renew({ logUrl: server.url(id), leaseToken: 'epoch-3' });
    await uplink.opened;
    expect(server.tokens).toEqual(['epoch-1', 'epoch-3']);
  });

  it('goes on behind what the log has of this epoch when its predecessor died', async () => {
    const first = connect();
    await first.opened;
    camera.start(first);
    await until(() => taken() > 10);
    camera.stop();
    await first.close(1000);
    const { lastSeqWritten } = server.stream(id);
    const second = connect();
    expect(await second.opened).toEqual({ lastRun: 1, lastSeqWritten });
    second.push(aRun(2, ['video'], 'reconnect'));
    second.push(aChunk({ n: 5000, key: true }));
    await until(() => server.stream(id).chunks().at(-1)?.n === 5000);
    expect(server.stream(id).taken.at(-1)?.seq).toBe(lastSeqWritten + 2);
  });

  it('closes only after the log has the END, and at once when there is nothing to wait for', async () => {
    const uplink = connect();
    await uplink.opened;
    uplink.push(aRun(1));
    uplink.push(anEnd());
    await uplink.close(2000);
    expect(server.stream(id).taken.at(-1)?.type).toBe(recordType.end);
    await uplink.close(2000);
  });
});
