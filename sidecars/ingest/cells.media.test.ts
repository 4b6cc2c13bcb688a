import { fileURLToPath } from 'node:url';

import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { streamId, type StreamId } from '#server/contracts/ids.ts';
import { recordType } from '#server/contracts/log-record.ts';
import { Child } from '#server/supervisor/child.ts';

import type { SourceReport } from './cell-protocol.ts';
import { Cells } from './cells.ts';
import { anAssignment } from './testing/fake-camera.ts';
import { faultsOf, LogServer } from './testing/log-server.ts';

const entry = fileURLToPath(new URL('testing/fake-cell.ts', import.meta.url));

describe('cells', { timeout: 60_000 }, () => {
  let server: LogServer;
  let cells: Cells;
  let children: Child[];
  let reports: SourceReport[];

  function begin(probationMs: number): void {
    cells = new Cells({
      createCell: ({ name }) => {
        const child = new Child({
          name,
          command: process.execPath,
          args: [entry],
          env: { NODE_ENV: 'test' },
          ready: { by: 'message' },
          readyWithinMs: 20_000,
          drainWithinMs: 4500,
        });
        children.push(child);
        return child;
      },
      report: (report) => reports.push(report),
      writeLine: (text) => lines.push(text),
      log: pino({ level: 'silent' }),
      probation: { probationMs, secret: 'test' },
    });
  }

  const lines: string[] = [];
  const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 30_000, interval: 20 });
  const aStream = () => streamId.parse(uuidv7());
  const assign = (id: StreamId, over: Partial<Parameters<typeof anAssignment>[0]> = {}) =>
    cells.assign(anAssignment({ streamId: id, logUrl: server.url(id), ...over }));
  const chunks = (id: StreamId) => server.stream(id).chunks();
  const alive = () => children.filter(({ state }) => state.state !== 'gone');

  beforeEach(async () => {
    server = await LogServer.start();
    children = [];
    reports = [];
  });
  afterEach(async () => {
    await cells.close();
    await server.close();
    const said = lines.splice(0);
    if (said.length > 0) throw new Error(`cells complain: ${said.join(' ')}`);
  });

  it('reads our own pictures in one child and each stranger in a child of its own', async () => {
    begin(600_000);
    const ours = Array.from({ length: 6 }, aStream);
    const strangers = [aStream(), aStream()];
    for (const id of ours) assign(id, { kind: 'synthetic' });
    for (const id of strangers) assign(id);
    await until(() => [...ours, ...strangers].every((id) => chunks(id).length > 5));
    expect(children).toHaveLength(3);
    await vi.waitFor(
      () => expect(cells.counters).toMatchObject({ streams: 8, cells: 3, droppedRecords: 0, cellCrashes: 0 }),
      { timeout: 10_000 },
    );
  });

  it('brings a stream back as a new run after its cell was killed, under the same epoch', async () => {
    begin(600_000);
    const id = aStream();
    assign(id);
    await until(() => chunks(id).length > 30);
    const killedAt = performance.now();
    children[0]?.kill();
    await until(() => server.stream(id).runs().length === 2);
    expect(performance.now() - killedAt).toBeLessThan(10_000);
    const before = chunks(id).length;
    await until(() => chunks(id).length > before + 30);
    expect(server.stream(id).runs()[1]).toMatchObject({ run: 2, reason: 'reconnect' });
    expect(server.stream(id).chunkRepeats).toBe(0);
    const numbers = chunks(id).map(({ n }) => n);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(server.stream(id).taken.every(({ epoch }) => epoch === 1)).toBe(true);
    expect(reports.find(({ fault }) => fault === 'INTERNAL')).toMatchObject({ state: 'reconnecting' });
  });

  it('parts the sources of a shared cell that crashed', async () => {
    begin(600_000);
    const ids = [aStream(), aStream()];
    for (const id of ids) assign(id, { kind: 'synthetic' });
    await until(() => ids.every((id) => chunks(id).length > 5));
    expect(children).toHaveLength(1);
    children[0]?.kill();
    await until(() => ids.every((id) => server.stream(id).runs().length === 2));
    expect(alive()).toHaveLength(2);
  });

  it('kills a cell that is frozen and reads its source anew', async () => {
    begin(600_000);
    const id = aStream();
    assign(id);
    await until(() => chunks(id).length > 30);
    const [frozen] = children;
    if (!frozen?.pid) throw new Error('the cell has no process');
    process.kill(frozen.pid, 'SIGSTOP');
    const stoppedAt = performance.now();
    await until(() => server.stream(id).runs().length === 2);
    expect(performance.now() - stoppedAt).toBeLessThan(12_000);
    expect(frozen.state).toMatchObject({ state: 'gone', ending: { kind: 'fault', signal: 'SIGKILL' } });
    expect(server.stream(id).chunkRepeats).toBe(0);
  });

  it('ends a stream that is released with END and its empty child with it', async () => {
    begin(600_000);
    const id = aStream();
    assign(id);
    await until(() => chunks(id).length > 5);
    await cells.release(id, 'end');
    expect(server.stream(id).taken.at(-1)?.type).toBe(recordType.end);
    expect(faultsOf(chunks(id))).toEqual([]);
    await until(() => alive().length === 0);
    expect(cells.counters).toMatchObject({ streams: 0, cells: 0, cellCrashes: 0 });
  });

  it('never has two readers of a stream whose source is changed', async () => {
    begin(600_000);
    const id = aStream();
    assign(id);
    await until(() => chunks(id).length > 5);
    assign(id, { address: 'steady-other' });
    await until(() => server.stream(id).runs().length === 2);
    expect(server.stream(id).lines).toBe(2);
    await until(() => alive().length === 1);
  });

  it('goes on reading a picture whose address a list gives anew each time', async () => {
    begin(600_000);
    const id = aStream();
    const at = (name: string) =>
      assign(id, { kind: 'snapshot', addressMoves: true, address: `https://pictures.example/${name}.jpg` });
    at('first');
    await until(() => chunks(id).length > 5);
    const before = chunks(id).length;
    for (const name of ['second', 'third']) at(name);
    await until(() => chunks(id).length > before + 50);
    expect(server.stream(id).runs()).toHaveLength(1);
    expect(server.stream(id).lines).toBe(1);
    expect(children).toHaveLength(1);
  });

  it('moves a stranger that was clean to the shared cell at its next reconnect', async () => {
    begin(0);
    const ours = aStream();
    const stranger = aStream();
    assign(ours, { kind: 'synthetic' });
    await until(() => chunks(ours).length > 5);
    await cells.close();
    begin(1500);
    assign(ours, { kind: 'synthetic', epoch: 2 });
    assign(stranger, { address: 'closes-after-200' });
    await until(() => children.length === 3);
    await until(() => server.stream(stranger).runs().length === 2);
    await until(() => alive().length === 1);
    expect(children).toHaveLength(3);
  });

  it('lets go of a stream that the log gave to another writer and takes it again only under a higher epoch', async () => {
    begin(600_000);
    const id = aStream();
    assign(id);
    await until(() => chunks(id).length > 5);
    server.stream(id).epoch = 2;
    server.cut();
    await until(() => cells.streamIds.length === 0);
    assign(id);
    expect(cells.streamIds).toEqual([]);
    assign(id, { epoch: 3 });
    await until(() => server.stream(id).taken.some(({ epoch }) => epoch === 3));
  });
});
