/**
 * The origin under viewers: how many muxed low-latency viewers (blocked playlist, then the part) one core of the slicer serves, how long after a part
 * the last of 2,000 held requests is answered, and what a request costs beside nginx with the same bytes.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from '#server/supervisor/ports.ts';

import { withRunningSystem, type RunningSystem } from '../bin/running-system.ts';
import { becomeOwner } from './owner.ts';
import { cpuSecondsOf, processTree } from './process-usage.ts';
import { percentile, report, say } from './report.ts';

const root = resolve(import.meta.dirname, '..');
const viewers = 300;
const held = 2000;

interface Answer {
  status: number;
  body: Buffer;
  at: number;
}

function ask(url: string, agent: Agent): Promise<Answer> {
  return new Promise((done, failed) => {
    const request = get(url, { agent, timeout: 20_000 }, (response) => {
      const chunks: Buffer[] = [];
      let at = 0;
      response.on('data', (chunk: Buffer) => {
        at ||= performance.now();
        chunks.push(chunk);
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), at }));
      response.on('error', failed);
    });
    request.on('error', failed);
    request.on('timeout', () => request.destroy(new Error('timeout')));
  });
}

function slicerOf(system: RunningSystem): { pid: number; port: number } {
  const slicer = processTree(system.supervisor.pid ?? 0).find(({ command }) =>
    command.includes('sidecars/slicer/main.ts'),
  );
  if (!slicer) throw new Error('the slicer is not running');
  const port = /SLICER_PORT=(\d+)/.exec(readFileSync(`/proc/${slicer.pid}/environ`, 'utf8'))?.[1];
  return { pid: slicer.pid, port: Number(port) };
}

const cpuOf = (pid: number) => cpuSecondsOf(processTree(pid).slice(0, 1));

/** The next part that does not exist yet, from the playlist's preload hint. */
function nextPart(playlist: string): { msn: number; part: number } {
  const hint = /#EXT-X-PRELOAD-HINT:TYPE=PART,URI="[^"]*?p\/(\d+)\.(\d+)\.m4s"/.exec(playlist);
  if (!hint) throw new Error(`no preload hint in\n${playlist.slice(-400)}`);
  return { msn: Number(hint[1]), part: Number(hint[2]) };
}

async function watch(base: string, stop: AbortSignal, count: { parts: number; faults: number }): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let next = nextPart((await ask(`${base}/live.m3u8`, agent)).body.toString());
  while (!stop.aborted) {
    const playlist = await ask(`${base}/live.m3u8?_HLS_msn=${next.msn}&_HLS_part=${next.part}`, agent);
    if (playlist.status !== 200) {
      count.faults += 1;
      next = nextPart((await ask(`${base}/live.m3u8`, agent)).body.toString());
      continue;
    }
    const part = await ask(`${base}/p/${next.msn}.${next.part}.m4s`, agent);
    if (part.status === 200) count.parts += 1;
    else count.faults += 1;
    next = nextPart(playlist.body.toString());
  }
  agent.destroy();
}

async function benchViewers(base: string, pid: number): Promise<number> {
  const stop = new AbortController();
  const count = { parts: 0, faults: 0 };
  const watching = Array.from({ length: viewers }, () => watch(base, stop.signal, count));
  await sleep(5000);
  const [cpu, parts, began] = [cpuOf(pid), count.parts, performance.now()];
  await sleep(15_000);
  const wall = (performance.now() - began) / 1000;
  const cores = (cpuOf(pid) - cpu) / wall;
  stop.abort();
  await Promise.all(watching);
  say(
    `${viewers} viewers: ${cores.toFixed(3)} of a core, ${((count.parts - parts) / wall / viewers).toFixed(2)} parts a second each, ${count.faults} faults`,
  );
  return viewers / cores;
}

/** A held request on a bare socket: parsing 2,000 answers in the client would be most of what is measured. */
class HeldRequest {
  readonly #socket: Socket;
  #answeredAt = 0;
  #done: (() => void) | null = null;

  constructor(port: number) {
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      // One buffer for all: what is in it is not looked at.
      onread: {
        buffer: scratch,
        callback: () => {
          if (this.#answeredAt === 0) this.#answeredAt = performance.now();
          this.#done?.();
          return true;
        },
      },
    });
    this.#socket.on('error', () => this.#done?.());
  }

  /** When the first byte of the answer came. */
  async ask(path: string): Promise<number> {
    this.#answeredAt = 0;
    const answered = new Promise<void>((done) => {
      this.#done = done;
    });
    this.#socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    await answered;
    return this.#answeredAt;
  }

  close(): void {
    this.#socket.destroy();
  }
}
const scratch = Buffer.alloc(65_536);

/** Time from the first answer of a part to the last of `held` requests that waited for it. */
async function benchWake(base: string): Promise<number> {
  const { port, pathname } = new URL(base);
  const agent = new Agent({ keepAlive: true });
  const requests = Array.from({ length: held }, () => new HeldRequest(Number(port)));
  const waits: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { msn } = nextPart((await ask(`${base}/live.m3u8`, agent)).body.toString());
    const times = await Promise.all(
      requests.map((request) => request.ask(`${pathname}/live.m3u8?_HLS_msn=${msn + 1}&_HLS_part=0`)),
    );
    const begin = Math.min(...times);
    // The first round opens the connections.
    if (round > 0) waits.push(...times.map((time) => time - begin));
    // The rest of an answer must not be taken for the next one.
    await sleep(500);
  }
  for (const request of requests) request.close();
  agent.destroy();
  say(`${held} held: woken p50 ${percentile(waits, 0.5).toFixed(1)} ms, p99 ${percentile(waits, 0.99).toFixed(1)} ms`);
  return percentile(waits, 0.99);
}

/** CPU microseconds of `pid` a request, `count` requests over 16 connections. */
async function cpuARequest(url: string, pids: () => number[], count: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const cpu = () => pids().reduce((sum, pid) => sum + cpuOf(pid), 0);
  for (let index = 0; index < 100; index += 1) await ask(url, agent);
  const before = cpu();
  let left = count;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (left > 0) {
        left -= 1;
        const { status } = await ask(url, agent);
        if (status !== 200) throw new Error(`${url}: ${status}`);
      }
    }),
  );
  agent.destroy();
  return ((cpu() - before) / count) * 1e6;
}

async function startNginx(
  files: Record<string, Buffer>,
): Promise<{ url: string; pids: () => number[]; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-nginx-'));
  mkdirSync(join(folder, 'www'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, 'www', name), bytes);
  const port = await freePort();
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; user root; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log; events { worker_connections 4096; }
     http { access_log off; sendfile on; keepalive_requests 1000000; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
     uwsgi_temp_path ${folder}; scgi_temp_path ${folder}; server { listen 127.0.0.1:${port}; root ${folder}/www; } }`,
  );
  const nginx: ChildProcess = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' });
  await sleep(1000);
  return {
    url: `http://127.0.0.1:${port}`,
    pids: () => processTree(nginx.pid ?? 0).map(({ pid }) => pid),
    stop: async () => {
      const gone = once(nginx, 'exit');
      nginx.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function benchOrigin(): Promise<void> {
  await withRunningSystem(root, async (system) => {
    const owner = await becomeOwner(system.address, system.ownerLink ?? '');
    await owner.removeAllCameras();
    const camera = await owner.addCamera({
      name: 'Origin',
      latitude: 0,
      longitude: 0,
      kind: 'synthetic',
      options: { scene: 'test', fps: 30, gopSeconds: 2 },
      ingest: 'always',
    });
    const { pid, port } = slicerOf(system);
    const base = `http://127.0.0.1:${port}/media/${camera.streamId}/src`;
    const agent = new Agent({ keepAlive: true });
    for (const until = Date.now() + 30_000; ; await sleep(250)) {
      const answer = await ask(`${base}/live.m3u8`, agent);
      if (answer.status === 200 && (answer.body.toString().match(/#EXTINF/g)?.length ?? 0) > 8) break;
      if (Date.now() > until) throw new Error('the stream did not become live');
    }
    const heldViewersPerCore = await benchViewers(base, pid);
    const wakeP99Ms = await benchWake(base);

    // The same bytes from both: a playlist of about 3 KB and a segment of about 150 KB.
    const playlist = (await ask(`${base}/live.m3u8`, agent)).body;
    const segment = `${base}/s/${/s\/(\d+)\.m4s/.exec(playlist.toString())?.[1] ?? ''}.m4s`;
    const bytes = (await ask(segment, agent)).body;
    say(`bytes a request: playlist ${playlist.length}, segment ${bytes.length}`);
    const nginx = await startNginx({ small: playlist, large: bytes });
    try {
      const small = await cpuARequest(`${base}/live.m3u8`, () => [pid], 8000);
      const large = await cpuARequest(segment, () => [pid], 4000);
      const nginxSmall = await cpuARequest(`${nginx.url}/small`, nginx.pids, 8000);
      const nginxLarge = await cpuARequest(`${nginx.url}/large`, nginx.pids, 4000);
      say(
        `CPU a request: ours ${small.toFixed(0)} and ${large.toFixed(0)} µs, nginx ${nginxSmall.toFixed(0)} and ${nginxLarge.toFixed(0)} µs`,
      );
      report(
        'origin',
        {
          heldViewersPerCore,
          wakeP99Ms,
          cpuUsSmall: small,
          cpuUsLarge: large,
          bytesSmall: playlist.length,
          bytesLarge: bytes.length,
        },
        { nginxSmall: small / nginxSmall, nginxLarge: large / nginxLarge },
      );
    } finally {
      await nginx.stop();
    }
  });
}
