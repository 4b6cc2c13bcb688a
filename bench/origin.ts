/**
 * The origin under viewers: how many muxed low-latency viewers (blocked playlist, then the part) one core of the slicer serves, how long after a part
 * the last of 2,000 held requests is answered, and what a request costs beside nginx with the same bytes.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from '#server/supervisor/ports.ts';

import { withRunningSystem, type RunningSystem } from '../bin/running-system.ts';
import { becomeOwner } from './owner.ts';
import { cpuSecondsOf, processTree } from './process-usage.ts';
import { percentile, report, say } from './report.ts';
import { bareWakes, onCoresOfTheirOwn, wakes } from './wake.ts';

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

/** How long after the first of 2,000 requests held for a part the last is answered; beside it what the machine and the client take of that. */
async function benchWake(base: string, pid: number): Promise<{ own: number; bare: number; apart: number | null }> {
  const { port, pathname } = new URL(base);
  const agent = new Agent({ keepAlive: true });
  let bytes = 0;
  const next = async () => {
    const { body } = await ask(`${base}/live.m3u8`, agent);
    bytes = body.length;
    return `${pathname}/live.m3u8?_HLS_msn=${nextPart(body.toString()).msn + 1}&_HLS_part=0`;
  };
  const p99 = (name: string, waits: number[]) => {
    say(
      `${held} held, ${name}: woken p50 ${percentile(waits, 0.5).toFixed(1)} ms, p99 ${percentile(waits, 0.99).toFixed(1)} ms`,
    );
    return percentile(waits, 0.99);
  };
  const own = p99('the origin', await wakes(Number(port), held, next));
  const bare = p99('a server that only writes', await bareWakes(held, bytes));
  const apart = await onCoresOfTheirOwn(pid, () => wakes(Number(port), held, next));
  agent.destroy();
  return { own, bare, apart: apart && p99('the origin, the client on another core', apart) };
}

/** CPU microseconds of `pids` a request, `count` requests over 16 connections; without what they take while nobody asks. */
async function cpuARequest(url: string, pids: () => number[], count: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const cpu = () => pids().reduce((sum, pid) => sum + cpuOf(pid), 0);
  const idle = { cpu: cpu(), at: performance.now() };
  await sleep(5000);
  const idleCores = ((cpu() - idle.cpu) * 1000) / (performance.now() - idle.at);
  for (let index = 0; index < 100; index += 1) await ask(url, agent);
  const [before, began] = [cpu(), performance.now()];
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
  const seconds = (performance.now() - began) / 1000;
  return ((cpu() - before - idleCores * seconds) / count) * 1e6;
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
    const wake = await benchWake(base, pid);

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
          wakeP99Ms: wake.own,
          ...(wake.apart !== null && { wakeApartP99Ms: wake.apart }),
          wakeBareP99Ms: wake.bare,
          cpuUsSmall: small,
          cpuUsLarge: large,
          bytesSmall: playlist.length,
          bytesLarge: bytes.length,
        },
        { nginxSmall: small / nginxSmall, nginxLarge: large / nginxLarge, wakeBare: wake.own / wake.bare },
      );
    } finally {
      await nginx.stop();
    }
  });
}
