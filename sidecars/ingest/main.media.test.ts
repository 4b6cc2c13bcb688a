import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { streamId, type StreamId } from '#server/contracts/ids.ts';
import { recordFlag, recordType } from '#server/contracts/log-record.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';
import { Child } from '#server/supervisor/child.ts';

import { ControlServer } from './testing/control-server.ts';
import { anAssignment } from './testing/fake-camera.ts';
import { LogServer } from './testing/log-server.ts';

const entry = fileURLToPath(new URL('main.ts', import.meta.url));

/** Process ids whose parent is `parent`. */
async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.flatMap((stat) => {
    // `pid (name) state ppid …`; a dead one that nobody has waited for is no process any more.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[1]) === parent && fields[0] !== 'Z' ? [Number.parseInt(stat, 10)] : [];
  });
}

const isAlive = (pid: number) =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !stat.includes(') Z '),
    () => false,
  );

describe('the ingest process', { timeout: 60_000 }, () => {
  let server: LogServer;
  let control: ControlServer;
  let ingest: Child;
  let dataDir: string;
  let lines: string[];

  const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 25_000, interval: 20 });
  const aStream = () => streamId.parse(uuidv7());
  const chunks = (id: StreamId) => server.stream(id).chunks();

  function drawn(id: StreamId, over: { epoch?: number } = {}): IngestAssignment {
    const assignment = anAssignment({ streamId: id, logUrl: server.url(id), kind: 'synthetic', address: '', ...over });
    const options = { scene: 'harbour', width: 320, height: 180, fps: 10, gopSeconds: 1 } as const;
    return { ...assignment, epochMs: Date.now() - 3_600_000, source: { ...assignment.source, options } };
  }

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ingest-'));
    server = await LogServer.start();
    control = await ControlServer.start();
    lines = [];
    ingest = new Child({
      name: 'ingest',
      command: process.execPath,
      args: [entry],
      env: {
        NODE_ENV: 'test',
        CONTROL_URL: `ws://127.0.0.1:${control.port}`,
        INTERNAL_SECRET: 'a-secret-of-this-test-only',
        DATA_DIR: dataDir,
        LOG_LEVEL: 'info',
      },
      ready: { by: 'message' },
      readyWithinMs: 20_000,
      drainWithinMs: 8000,
    });
    ingest.on('line', (_source, text) => lines.push(text));
    await ingest.start();
    await until(() => control.saidOf('hello').length === 1);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${lines.join('\n')}\n`);
    await ingest.stop();
    await control.close();
    await server.close();
    await rm(dataDir, { recursive: true });
  });

  it('brings drawn pictures to the log, exact and without a hole, in one cell', async () => {
    const ids = [aStream(), aStream()];
    control.tell({ type: 'ingest', full: true, streams: ids.map((id) => drawn(id)) });
    await until(() => ids.every((id) => chunks(id).length > 30));
    for (const id of ids) {
      const taken = server.stream(id).taken;
      expect(taken.slice(0, 3).map(({ type }) => type)).toEqual([recordType.run, recordType.init, recordType.clock]);
      const pictures = chunks(id);
      expect((pictures[0]?.flags ?? 0) & recordFlag.key).toBe(recordFlag.key);
      const holes = pictures.filter((picture, index) => {
        const before = pictures[index - 1];
        return before && picture.tfdt !== before.tfdt + before.duration;
      });
      expect(holes).toEqual([]);
    }
    await until(() => control.saidOf('heartbeat').at(-1)?.health.counters['streams'] === 2);
    expect(control.saidOf('heartbeat').at(-1)?.health).toMatchObject({
      ready: true,
      counters: { cells: 1, droppedRecords: 0 },
    });
    expect(control.saidOf('source').map(({ state }) => state)).toEqual([
      'starting',
      'starting',
      'connected',
      'connected',
    ]);
  });

  it('keeps reading while the gateway is away, and tells it again how the sources are', async () => {
    const id = aStream();
    control.tell({ type: 'ingest', full: true, streams: [drawn(id)] });
    await until(() => chunks(id).length > 10);
    const { port } = control;
    await control.close();
    const before = chunks(id).length;
    await until(() => chunks(id).length > before + 20);
    control = await ControlServer.start(port);
    await until(() => control.saidOf('source').some(({ streamId: of, state }) => of === id && state === 'connected'));
    expect(server.stream(id).runs()).toHaveLength(1);
  });

  it('lets go what a full list does not name, and ends what is released', async () => {
    const [kept, dropped, released] = [aStream(), aStream(), aStream()];
    control.tell({ type: 'ingest', full: true, streams: [drawn(kept), drawn(dropped), drawn(released)] });
    await until(() => [kept, dropped, released].every((id) => chunks(id).length > 5));
    control.tell({ type: 'ingest', full: true, streams: [drawn(kept), drawn(released)] });
    control.tell({ type: 'release', streamIds: [released], erase: false });
    await until(() => server.stream(released).taken.at(-1)?.type === recordType.end);
    await until(() => control.saidOf('heartbeat').at(-1)?.health.counters['streams'] === 1);
    expect(server.stream(dropped).taken.some(({ type }) => type === recordType.end)).toBe(false);
    const before = chunks(kept).length;
    await until(() => chunks(kept).length > before + 5);
  });

  it('leaves no cell behind when it is killed, and none of them knows a secret by its arguments or environment', async () => {
    const id = aStream();
    control.tell({ type: 'ingest', full: true, streams: [drawn(id)] });
    await until(() => chunks(id).length > 5);
    const cells = await childrenOf(ingest.pid ?? 0);
    expect(cells).toHaveLength(1);
    for (const pid of cells) {
      const told = `${await readFile(`/proc/${pid}/cmdline`, 'utf8')} ${await readFile(`/proc/${pid}/environ`, 'utf8')}`;
      expect(told).not.toContain('a-secret-of-this-test-only');
      expect(told).toContain('UV_THREADPOOL_SIZE=40');
    }
    ingest.kill();
    await vi.waitFor(
      async () => {
        for (const pid of cells) expect(await isAlive(pid)).toBe(false);
      },
      { timeout: 5000 },
    );
  });

  it('keeps its cells, and they their streams, through a stop of its own', async () => {
    const id = aStream();
    control.tell({ type: 'ingest', full: true, streams: [drawn(id)] });
    await until(() => chunks(id).length > 5);
    const pid = ingest.pid ?? 0;
    const cells = await childrenOf(pid);
    process.kill(pid, 'SIGSTOP');
    const before = chunks(id).length;
    // Seven seconds of pictures: longer than a cell may keep silent.
    await until(() => chunks(id).length > before + 70);
    process.kill(pid, 'SIGCONT');
    const beats = control.saidOf('heartbeat').length;
    await until(() => control.saidOf('heartbeat').length > beats + 3);
    expect(await childrenOf(pid)).toEqual(cells);
    expect(server.stream(id).runs()).toHaveLength(1);
  });

  it('leaves word for its next run which sources may be trusted, none that is new', async () => {
    await ingest.stop();
    expect(JSON.parse(await readFile(join(dataDir, 'run', 'trusted-sources.json'), 'utf8'))).toEqual([]);
  });

  it('answers the doctor from a child of its own', async () => {
    const requestId = uuidv7();
    control.tell({ type: 'diagnose', requestId, input: { kind: 'rtsp', address: 'rtsp://169.254.169.254/' } });
    await until(() => control.saidOf('diagnosed').length === 1);
    const [answer] = control.saidOf('diagnosed');
    expect(answer).toMatchObject({ requestId, report: { outcome: 'failed', fault: { code: 'ADDRESS_FORBIDDEN' } } });
    await vi.waitFor(async () => expect(await childrenOf(ingest.pid ?? 0)).toEqual([]), { timeout: 5000 });
  });
});
