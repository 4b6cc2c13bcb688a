/**
 * What identity costs: a tRPC read with its session, permission and limits beside the same procedure on the same Hono with none of them, a decision
 * about a permission, and a sign-in beside the bare hash.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';

import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';

import type { UserActor } from '#server/contracts/identity.ts';
import { userId } from '#server/contracts/ids.ts';
import { isAllowed, type Subject } from '#server/identity/permissions.ts';

import { withRunningSystem, type RunningSystem } from '../bin/running-system.ts';
import { ask, load } from './http-load.ts';
import { becomeOwner, credentials } from './owner.ts';
import { cpuSecondsOf, processTree } from './process-usage.ts';
import { percentile, report, say } from './report.ts';

const root = resolve(import.meta.dirname, '..');
const rounds = 3;
const requests = 8000;
const signIns = 60;
const signInsAtOnce = 4;
/** So many before it is measured: each runs a thousand functions once, and V8 compiles only what has run often. */
const warmUpRounds = 8;
/** A read that needs a permission and is answered from memory: what is left is the way there. */
const procedure = '/trpc/discovery.allowed';
/** One that is for everybody, to be asked by somebody and by nobody. */
const publicProcedure = '/trpc/identity.ownerMissing';

const median = (values: readonly number[]) => percentile(values, 0.5);

function gatewayOf(system: RunningSystem): number {
  const gateway = processTree(system.supervisor.pid ?? 0).find(({ command }) =>
    command.includes('server/gateway/main.ts'),
  );
  if (!gateway) throw new Error('the gateway is not running');
  return gateway.pid;
}

async function startPeer(gateway: number): Promise<{ child: ChildProcess; url: string }> {
  const pairs = readFileSync(`/proc/${gateway}/environ`, 'utf8').split('\0');
  const env = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const child = spawn(process.execPath, [join(import.meta.dirname, 'api-peer.ts')], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ port }] = z
    .tuple([z.object({ port: z.int() })])
    .rest(z.unknown())
    .parse(await once(child, 'message'));
  return { child, url: `http://127.0.0.1:${port}` };
}

/** CPU microseconds a read; the median of rounds that take turns, so that a slow minute of the machine meets all of them. */
async function benchReads(system: RunningSystem, cookie: string) {
  const gateway = gatewayOf(system);
  const peer = await startPeer(gateway);
  const address = system.address.replace('localhost', '127.0.0.1');
  const ways = {
    withSession: { url: `${address}${procedure}`, headers: { cookie }, pid: gateway },
    publicWithSession: { url: `${address}${publicProcedure}`, headers: { cookie }, pid: gateway },
    publicWithout: { url: `${address}${publicProcedure}`, headers: {}, pid: gateway },
    bare: { url: `${peer.url}${procedure}`, headers: {}, pid: peer.child.pid ?? 0 },
  };
  const costs: Record<keyof typeof ways, number[]> = {
    withSession: [],
    publicWithSession: [],
    publicWithout: [],
    bare: [],
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const name of ['withSession', 'publicWithSession', 'publicWithout', 'bare'] as const) {
        const { pid, ...asked } = ways[name];
        const { cpuUs, aSecond } = await load(asked, { pid, count: requests });
        say(`${name}: ${cpuUs.toFixed(0)} µs of CPU a read, ${aSecond.toFixed(0)} a second`);
        costs[name].push(cpuUs);
      }
    }
  } finally {
    peer.child.disconnect();
  }
  return {
    withSession: median(costs.withSession),
    publicWithSession: median(costs.publicWithSession),
    publicWithout: median(costs.publicWithout),
    bare: median(costs.bare),
  };
}

/** Somebody with many roles for single objects asks about one that only the last of them holds. */
function benchDecisions(): number {
  const actor: UserActor = {
    type: 'user',
    userId: userId.parse(randomUUID()),
    credential: { kind: 'session', id: randomUUID() },
    name: 'Bench',
    email: 'bench@example.org',
    isOwner: false,
    grants: Array.from({ length: 200 }, () => ({
      permissions: ['camera:view', 'stream:*', 'recording:view'],
      object: { type: 'camera', id: randomUUID() },
    })),
    scope: null,
    viewedBy: null,
  };
  const subject: Subject = {
    type: 'camera',
    id: actor.grants.at(-1)?.object?.id ?? null,
    ownerId: randomUUID(),
    visibility: 'private',
  };
  const times: number[] = [];
  for (let index = 0; index < 60_000; index += 1) {
    const began = performance.now();
    const allowed = isAllowed(actor, 'stream:view', subject);
    const ms = performance.now() - began;
    if (!allowed) throw new Error('the last grant was not found');
    if (index >= 10_000) times.push(ms);
  }
  return percentile(times, 0.99);
}

/** How many a second with as many under way as there are threads that hash, whichever of the two it is: what a sign-in waits for besides is then the others' turn. */
async function rateOf(work: () => Promise<void>): Promise<number> {
  let left = signIns;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: signInsAtOnce }, async () => {
      while (left > 0) {
        left -= 1;
        await work();
      }
    }),
  );
  return (signIns * 1000) / (performance.now() - began);
}

/** What a sign-in costs besides its hash is told in CPU time too, of the gateway and of PostgreSQL: the rates depend on what else the machine does. */
async function benchSignIn(system: RunningSystem) {
  const { address } = system;
  const gateway = gatewayOf(system);
  const cpuMs = () => {
    const all = processTree(system.supervisor.pid ?? 0);
    const ofDatabase = all.filter(({ command }) => command.includes('postgres'));
    return {
      gateway: 1000 * cpuSecondsOf(all.filter(({ pid }) => pid === gateway)),
      database: 1000 * cpuSecondsOf(ofDatabase),
      own: (process.cpuUsage().user + process.cpuUsage().system) / 1000,
    };
  };
  const hashed = await hash(credentials.password, { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  const body = JSON.stringify({ email: credentials.email, password: credentials.password });
  const headers = { 'content-type': 'application/json' };
  const bare = async () => {
    await verify(hashed, credentials.password);
  };
  const whole = async () => {
    const { status, text } = await ask({ url: `${address}/api/v1/auth/login`, method: 'POST', headers, body });
    if (status !== 200) throw new Error(`sign-in: ${status} ${text.slice(0, 300)}`);
  };
  const [signInRates, hashRates]: [number[], number[]] = [[], []];
  const [gatewayMs, databaseMs, hashMs]: [number[], number[], number[]] = [[], [], []];
  // Compiled and connected before it is measured.
  for (let round = 0; round < warmUpRounds; round += 1) await rateOf(whole);
  for (let round = 0; round < rounds; round += 1) {
    const before = cpuMs();
    signInRates.push(await rateOf(whole));
    const between = cpuMs();
    hashRates.push(await rateOf(bare));
    const after = cpuMs();
    gatewayMs.push((between.gateway - before.gateway) / signIns);
    databaseMs.push((between.database - before.database) / signIns);
    hashMs.push((after.own - between.own) / signIns);
  }
  return {
    signInsASecond: median(signInRates),
    hashesASecond: median(hashRates),
    signInGatewayMs: median(gatewayMs),
    signInDatabaseMs: median(databaseMs),
    hashMs: median(hashMs),
  };
}

export async function benchApi(): Promise<void> {
  say(`load of the machine: ${loadavg()[0]?.toFixed(1)}`);
  const decisionP99Ms = benchDecisions();
  say(`a decision: p99 ${decisionP99Ms.toFixed(4)} ms`);
  await withRunningSystem(
    root,
    async (system) => {
      const owner = await becomeOwner(system.address, system.ownerLink ?? '');
      const reads = await benchReads(system, owner.cookie);
      const signIn = await benchSignIn(system);
      const { signInsASecond, hashesASecond, signInGatewayMs, signInDatabaseMs, hashMs } = signIn;
      say(`sign-ins ${signInsASecond.toFixed(1)} a second, hashes alone ${hashesASecond.toFixed(1)}`);
      say(
        `CPU of a sign-in: gateway ${signInGatewayMs.toFixed(1)} ms, PostgreSQL ${signInDatabaseMs.toFixed(1)} ms; of its hash ${hashMs.toFixed(1)} ms`,
      );
      report(
        'api',
        {
          readsPerCoreSecond: 1e6 / reads.withSession,
          bareReadsPerCoreSecond: 1e6 / reads.bare,
          decisionP99Ms,
          ...signIn,
        },
        {
          // The same route of the same door with and without somebody who asks.
          identity: reads.publicWithout / reads.publicWithSession,
          // Beside Hono and tRPC with nothing around them: no limits, headers, log or metrics either.
          bare: reads.bare / reads.withSession,
          // By the clock, with this client and PostgreSQL on the same cores.
          signInToHash: signInsASecond / hashesASecond,
          // Of the processor time that the gateway spends on a sign-in, how much is the hash; below also of PostgreSQL's.
          signInGatewayCpuToHash: hashMs / signInGatewayMs,
          signInCpuToHash: hashMs / (signInGatewayMs + signInDatabaseMs),
        },
      );
    },
    { env: { RATE_LIMIT_FACTOR: '10000' } },
  );
}
