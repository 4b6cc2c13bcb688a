import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { v7 as uuidv7 } from 'uuid';
import { describe, test, vi } from 'vitest';

import { streamId, type StreamId } from '#server/contracts/ids.ts';
import { recordFlag, recordType } from '#server/contracts/log-record.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';
import { Child } from '#server/supervisor/child.ts';
import { compileCache } from '#server/supervisor/compile-cache.ts';

import { ControlServer } from './testing/control-server.ts';
import { anAssignment } from './testing/fake-camera.ts';
import { LogServer } from './testing/log-server.ts';

const entry = fileURLToPath(new URL('main.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

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

const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 45_000, interval: 20 });
const aStream = () => streamId.parse(uuidv7());

/** An ingest process with a gateway and a log of its own. */
class Stage {
  readonly server: LogServer;
  readonly dataDir: string;
  readonly ingest: Child;
  readonly lines: string[] = [];
  control: ControlServer;

  private constructor(parts: { server: LogServer; control: ControlServer; dataDir: string }) {
    const { server, control, dataDir } = parts;
    this.server = server;
    this.control = control;
    this.dataDir = dataDir;
    this.ingest = new Child({
      name: 'ingest',
      command: process.execPath,
      args: [entry],
      env: {
        NODE_ENV: 'test',
        NODE_COMPILE_CACHE: join(root, compileCache),
        CONTROL_URL: `ws://127.0.0.1:${control.port}`,
        INTERNAL_SECRET: 'a-secret-of-this-test-only',
        DATA_DIR: dataDir,
        LOG_LEVEL: 'info',
      },
      ready: { by: 'message' },
      readyWithinMs: 20_000,
      drainWithinMs: 8000,
    });
    this.ingest.on('line', (_source, text) => this.lines.push(text));
  }

  static async open(): Promise<Stage> {
    const dataDir = await mkdtemp(join(tmpdir(), 'ingest-'));
    return new Stage({ dataDir, server: await LogServer.start(), control: await ControlServer.start() });
  }

  async start(): Promise<void> {
    await this.ingest.start();
    await until(() => this.control.saidOf('hello').length === 1);
  }

  chunks(id: StreamId) {
    return this.server.stream(id).chunks();
  }

  drawn(id: StreamId): IngestAssignment {
    const assignment = anAssignment({ streamId: id, logUrl: this.server.url(id), kind: 'synthetic', address: '' });
    const options = { scene: 'harbour', width: 320, height: 180, fps: 10, gopSeconds: 1 } as const;
    return { ...assignment, epochMs: Date.now() - 3_600_000, source: { ...assignment.source, options } };
  }

  async close(): Promise<void> {
    await this.ingest.stop();
    await this.control.close();
    await this.server.close();
    await rm(this.dataDir, { recursive: true });
  }
}

const it = test.extend<{ stage: Stage }>({
  stage: async ({ task }, provide) => {
    const stage = await Stage.open();
    try {
      await stage.start();
      await provide(stage);
      if (task.result?.state === 'fail') process.stderr.write(`${stage.lines.join('\n')}\n`);
    } finally {
      await stage.close();
    }
  },
});

describe('the ingest process', { timeout: 90_000 }, () => {
  it('brings drawn pictures to the log, exact and without a hole, in one cell', async ({ expect, stage }) => {
    const ids = [aStream(), aStream()];
    stage.control.tell({ type: 'ingest', full: true, streams: ids.map((id) => stage.drawn(id)) });
    await until(() => ids.every((id) => stage.chunks(id).length > 30));
    for (const id of ids) {
      const taken = stage.server.stream(id).taken;
      expect(taken.slice(0, 3).map(({ type }) => type)).toEqual([recordType.run, recordType.init, recordType.clock]);
      const pictures = stage.chunks(id);
      expect((pictures[0]?.flags ?? 0) & recordFlag.key).toBe(recordFlag.key);
      const holes = pictures.filter((picture, index) => {
        const before = pictures[index - 1];
        return before && picture.tfdt !== before.tfdt + before.duration;
      });
      expect(holes).toEqual([]);
    }
    await until(() => stage.control.saidOf('heartbeat').at(-1)?.health.counters['streams'] === 2);
    expect(stage.control.saidOf('heartbeat').at(-1)?.health).toMatchObject({
      ready: true,
      counters: { cells: 1, droppedRecords: 0 },
    });
    expect(stage.control.saidOf('source').map(({ state }) => state)).toEqual([
      'starting',
      'starting',
      'connected',
      'connected',
    ]);
  });

  it('keeps reading while the gateway is away, and tells it again how the sources are', async ({ expect, stage }) => {
    const id = aStream();
    stage.control.tell({ type: 'ingest', full: true, streams: [stage.drawn(id)] });
    await until(() => stage.chunks(id).length > 10);
    const { port } = stage.control;
    await stage.control.close();
    const before = stage.chunks(id).length;
    await until(() => stage.chunks(id).length > before + 20);
    stage.control = await ControlServer.start(port);
    await until(() =>
      stage.control.saidOf('source').some(({ streamId: of, state }) => of === id && state === 'connected'),
    );
    expect(stage.server.stream(id).runs()).toHaveLength(1);
  });

  it('lets go what a full list does not name, and ends what is released', async ({ expect, stage }) => {
    const [kept, dropped, released] = [aStream(), aStream(), aStream()];
    stage.control.tell({
      type: 'ingest',
      full: true,
      streams: [stage.drawn(kept), stage.drawn(dropped), stage.drawn(released)],
    });
    await until(() => [kept, dropped, released].every((id) => stage.chunks(id).length > 5));
    stage.control.tell({ type: 'ingest', full: true, streams: [stage.drawn(kept), stage.drawn(released)] });
    stage.control.tell({ type: 'release', streamIds: [released], erase: false });
    await until(() => stage.server.stream(released).taken.at(-1)?.type === recordType.end);
    await until(() => stage.control.saidOf('heartbeat').at(-1)?.health.counters['streams'] === 1);
    expect(stage.server.stream(dropped).taken.some(({ type }) => type === recordType.end)).toBe(false);
    const before = stage.chunks(kept).length;
    await until(() => stage.chunks(kept).length > before + 5);
  });

  it('leaves no cell behind when it is killed, and none of them knows a secret by its arguments or environment', async ({
    expect,
    stage,
  }) => {
    const id = aStream();
    stage.control.tell({ type: 'ingest', full: true, streams: [stage.drawn(id)] });
    await until(() => stage.chunks(id).length > 5);
    const cells = await childrenOf(stage.ingest.pid ?? 0);
    expect(cells).toHaveLength(1);
    for (const pid of cells) {
      const told = `${await readFile(`/proc/${pid}/cmdline`, 'utf8')} ${await readFile(`/proc/${pid}/environ`, 'utf8')}`;
      expect(told).not.toContain('a-secret-of-this-test-only');
      expect(told).toContain('UV_THREADPOOL_SIZE=40');
    }
    stage.ingest.kill();
    await vi.waitFor(
      async () => {
        for (const pid of cells) expect(await isAlive(pid)).toBe(false);
      },
      { timeout: 5000 },
    );
  });

  it('keeps its cells, and they their streams, through a stop of its own', async ({ expect, stage }) => {
    const id = aStream();
    stage.control.tell({ type: 'ingest', full: true, streams: [stage.drawn(id)] });
    await until(() => stage.chunks(id).length > 5);
    const pid = stage.ingest.pid ?? 0;
    const cells = await childrenOf(pid);
    process.kill(pid, 'SIGSTOP');
    const before = stage.chunks(id).length;
    // Seven seconds of pictures: longer than a cell may keep silent.
    await until(() => stage.chunks(id).length > before + 70);
    process.kill(pid, 'SIGCONT');
    const beats = stage.control.saidOf('heartbeat').length;
    await until(() => stage.control.saidOf('heartbeat').length > beats + 3);
    expect(await childrenOf(pid)).toEqual(cells);
    expect(stage.server.stream(id).runs()).toHaveLength(1);
  });

  it('leaves word for its next run which sources may be trusted, none that is new', async ({ expect, stage }) => {
    await stage.ingest.stop();
    expect(JSON.parse(await readFile(join(stage.dataDir, 'run', 'trusted-sources.json'), 'utf8'))).toEqual([]);
  });

  it('answers the doctor from a child of its own', async ({ expect, stage }) => {
    const requestId = uuidv7();
    stage.control.tell({ type: 'diagnose', requestId, input: { kind: 'rtsp', address: 'rtsp://169.254.169.254/' } });
    await until(() => stage.control.saidOf('diagnosed').length === 1);
    const [answer] = stage.control.saidOf('diagnosed');
    expect(answer).toMatchObject({ requestId, report: { outcome: 'failed', fault: { code: 'ADDRESS_FORBIDDEN' } } });
    await vi.waitFor(async () => expect(await childrenOf(stage.ingest.pid ?? 0)).toEqual([]), { timeout: 5000 });
  });
});
