import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { streamId } from '#server/contracts/ids.ts';
import { recordType } from '#server/contracts/log-record.ts';

import type { SourceReport } from './cell-protocol.ts';
import { Pull } from './pull.ts';
import { silenceLimitMs } from './source-reading.ts';
import { anAssignment, FakePackager, openFakeSource } from './testing/fake-camera.ts';
import { faultsOf, LogServer } from './testing/log-server.ts';

const id = streamId.parse('019aa000-0000-7000-8000-000000000001');

describe('the life of a source', { timeout: 30_000 }, () => {
  let server: LogServer;
  let reports: SourceReport[];
  const pulls: Pull[] = [];
  const onFenced = vi.fn<(epoch: number) => void>();
  const onLeak = vi.fn<() => void>();

  function read(address: string): Pull {
    const pull = new Pull({
      assignment: anAssignment({ streamId: id, logUrl: server.url(id), address }),
      openSource: openFakeSource,
      createPackager: (options) => new FakePackager(options),
      report: (report) => reports.push(report),
      onFenced,
      onLeak,
      log: pino({ level: 'silent' }),
    });
    pulls.push(pull);
    return pull;
  }

  const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 15_000, interval: 10 });
  const taken = () => server.stream(id).chunks().length;

  beforeEach(async () => {
    server = await LogServer.start();
    reports = [];
    onFenced.mockReset();
    onLeak.mockReset();
  });
  afterEach(async () => {
    await Promise.all(pulls.splice(0).map((pull) => pull.release('outage')));
    await server.close();
  });

  it('reads, says so, tells its state each second and ends with END', async () => {
    const pull = read('steady');
    await until(() => taken() > 20 && server.stream(id).taken.some(({ type }) => type === recordType.state));
    expect(reports.map(({ state }) => state)).toEqual(['starting', 'connected']);
    await pull.release('end');
    expect(server.stream(id).taken.at(-1)?.type).toBe(recordType.end);
    await pull.release('end');
    expect(server.stream(id).taken.filter(({ type }) => type === recordType.end)).toHaveLength(1);
  });

  it('leaves no END behind when the stream goes on elsewhere', async () => {
    const pull = read('steady');
    await until(() => taken() > 20);
    await pull.release('outage');
    expect(server.stream(id).taken.some(({ type }) => type === recordType.end)).toBe(false);
  });

  it('opens a source that hung up again, with a longer wait each time, as a new run', async () => {
    read('closes-after-20');
    await until(() => server.stream(id).runs().length >= 3);
    expect(server.stream(id).runs().slice(0, 3)).toMatchObject([
      { run: 1, reason: 'start' },
      { run: 2, reason: 'reconnect' },
      { run: 3, reason: 'reconnect' },
    ]);
    const lost = reports.filter(({ state }) => state === 'reconnecting');
    expect(lost.slice(0, 2)).toMatchObject([
      { fault: 'CLOSED', attempt: 1 },
      { fault: 'CLOSED', attempt: 2 },
    ]);
    expect(lost.every(({ retryInMs }) => retryInMs !== null && retryInMs > 0 && retryInMs <= 30_000)).toBe(true);
  });

  it('says within 6 s that a source gives no frame any more', async () => {
    read('stalls-after-20');
    await until(() => reports.some(({ state }) => state === 'connected'));
    const connectedAt = performance.now();
    await until(() => reports.some(({ fault }) => fault === 'TIMED_OUT'));
    expect(performance.now() - connectedAt).toBeLessThan(6000);
  });

  it('goes on slowly with a source that refuses the password', async () => {
    read('refused');
    await until(() => reports.length === 2);
    expect(reports[1]).toMatchObject({ state: 'failed', fault: 'AUTH_REFUSED' });
    expect(reports[1]?.retryInMs).toBeGreaterThan(50_000);
  });

  it('goes on under a higher epoch as a new run, and is not stopped by the end of the old one', async () => {
    const pull = read('steady');
    await until(() => taken() > 20);
    pull.update(anAssignment({ streamId: id, logUrl: server.url(id), epoch: 2 }));
    await until(() => server.stream(id).runs().length === 2);
    const before = taken();
    await until(() => taken() > before + 20);
    expect(server.stream(id).runs()[1]).toMatchObject({ run: 2, reason: 'reconnect' });
    expect(server.stream(id).taken.find(({ epoch }) => epoch === 2)).toMatchObject({ seq: 1, type: recordType.run });
    expect(onFenced).not.toHaveBeenCalled();
  });

  it('stops reading when it is fenced', async () => {
    read('steady');
    await until(() => taken() > 20);
    server.stream(id).epoch = 2;
    server.cut();
    await until(() => onFenced.mock.calls.length === 1);
    expect(onFenced).toHaveBeenCalledWith(1);
  });

  it('keeps reading through a cut of the line, loses nothing', async () => {
    read('steady');
    await until(() => taken() > 20);
    server.cut();
    const before = taken();
    await until(() => taken() > before + 50);
    expect(faultsOf(server.stream(id).chunks())).toEqual([]);
    expect(server.stream(id).runs()).toHaveLength(1);
  });

  it('tells when a source does not close, and is released all the same within its deadline', async () => {
    const pull = read('will-not-close');
    await until(() => taken() > 20);
    const askedAt = performance.now();
    await pull.release('end');
    expect(performance.now() - askedAt).toBeLessThan(4500);
    expect(onLeak).toHaveBeenCalledOnce();
  });

  it('gives slow kinds of source the time between their pictures', () => {
    const source = anAssignment({ streamId: id, logUrl: 'ws://log' }).source;
    expect(silenceLimitMs(source)).toBe(5000);
    expect(silenceLimitMs({ ...source, kind: 'snapshot', options: { intervalSeconds: 10 } })).toBe(25_000);
    expect(silenceLimitMs({ ...source, kind: 'snapshot', options: { intervalSeconds: 1 } })).toBe(5000);
  });
});
