import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { NodeHealth } from '#server/contracts/sidecar.ts';
import type { Health, ProcessStatus, SystemNotice, SystemStatus } from '#server/contracts/system-status.ts';
import type { ServerEnv } from '#server/platform/env.ts';
import { pingDatabase } from '#server/platform/transaction.ts';
import type { LinkedNode } from '#server/streams/service.ts';

import manifest from '../../package.json' with { type: 'json' };
import type { House } from './house.ts';
import { noticesOf } from './system-notices.ts';

/** Imported, not read: the pages' bundle has no such file beside it. */
export const { version } = manifest;

const probeWithinMs = 2000;
/** Health is asked by load balancers in crowds; one look serves them all. */
const healthForMs = 1000;
/** A sidecar that was not heard of for longer is not well. */
const heardWithinMs = 5000;

/** Each look at the delay of the event loop wakes the process. */
const delayEveryMs = 200;

/** How the processes of this house are, as this process sees them. */
export class SystemReport {
  readonly #house: House;
  readonly #env: ServerEnv;
  readonly #startedAt = new Date(Date.now() - process.uptime() * 1000);
  readonly #delay = monitorEventLoopDelay({ resolution: delayEveryMs });
  #health: { at: number; report: Promise<Health> } | null = null;

  constructor(house: House, env: ServerEnv) {
    this.#house = house;
    this.#env = env;
  }

  /** Begins to measure this process. */
  start(): void {
    this.#delay.enable();
  }

  health(): Promise<Health> {
    const at = performance.now();
    if (!this.#health || at - this.#health.at > healthForMs) this.#health = { at, report: this.#look() };
    return this.#health.report;
  }

  async status(): Promise<SystemStatus> {
    const [health, counts, failing, ownerMissing, staleFeeds, openRemovals, deadMail] = await Promise.all([
      this.health(),
      this.#house.streams.stateCounts(),
      this.#house.streams.failingCount(),
      this.#house.identity.ownerMissing(),
      this.#house.feeds.staleFeeds(),
      this.#house.removals.openCount(),
      this.#house.mail.givenUp(),
    ]);
    const nodes = this.#house.streams.links.all();
    const heard = new Set(this.#house.streams.links.heardWithin(heardWithinMs));
    const disks = nodes.flatMap((node) => node.disk ?? []);
    const byState = Object.fromEntries(counts);
    // What nobody keeps a log of has no writer, viewers or bytes.
    const states = this.#house.streams.measuredNow();
    const notices: SystemNotice[] = noticesOf({
      parts: health.parts,
      disks,
      failing,
      ownerMissing,
      tls: this.#hasTls() || this.#isOnlyHere(),
      localSources: this.#env.ALLOWED_SOURCE_CIDRS.length > 0,
      staleFeeds,
      openRemovals,
      deadMail,
      redisAway: this.#house.limits.isAlone,
    });
    return {
      version,
      startedAt: this.#startedAt.toISOString(),
      node: process.version,
      processes: [
        this.#ownProcess(),
        this.#part('postgres', health.parts['database']),
        this.#part('web', health.parts['web']),
        ...nodes.map((node) => ofNode(node, heard.has(node))),
      ],
      streams: {
        total: [...counts.values()].reduce((sum, count) => sum + count, 0),
        byState,
        writing: states.filter((state) => state.writing).length,
        viewers: states.reduce((sum, state) => sum + state.viewers, 0),
        bitrate: states.reduce((sum, state) => sum + (state.bitrate ?? 0), 0),
      },
      storage: { recordedBytes: states.reduce((sum, state) => sum + state.recordedBytes, 0), disks },
      notices,
    };
  }

  async #look(): Promise<Health> {
    const [database, web] = await Promise.all([this.#databaseAnswers(), this.#webAnswers()]);
    const parts: Health['parts'] = { database: database ? 'ok' : 'down', web: web ? 'ok' : 'down' };
    for (const role of ['ingest', 'slicer'] as const) parts[role] = this.#role(role);
    const all = Object.values(parts);
    // Without the database nobody can be served; without another part something still works.
    const status = database ? (all.every((part) => part === 'ok') ? 'ok' : 'degraded') : 'down';
    return { status, version, uptimeSeconds: process.uptime(), parts };
  }

  #role(role: 'ingest' | 'slicer'): 'ok' | 'degraded' | 'down' {
    const nodes = this.#house.streams.links.heardWithin(heardWithinMs).filter((node) => node.hello.role === role);
    if (nodes.length === 0) return 'down';
    const isWell = ({ health, disk }: LinkedNode) =>
      health?.ready !== false && !health?.stuck && disk?.level !== 'paused';
    return nodes.every(isWell) ? 'ok' : 'degraded';
  }

  async #databaseAnswers(): Promise<boolean> {
    try {
      await withDeadline(pingDatabase(this.#house.platform.database));
      return true;
    } catch {
      return false; // Why is in the log of whoever needed it.
    }
  }

  async #webAnswers(): Promise<boolean> {
    try {
      const response = await fetch(new URL('/api/auth/providers', this.#env.WEB_URL), {
        signal: AbortSignal.timeout(probeWithinMs),
      });
      await response.arrayBuffer();
      return response.status < 500;
    } catch {
      return false; // It is starting, or gone; its supervisor says which.
    }
  }

  #hasTls(): boolean {
    return this.#env.TLS_CERT !== undefined || this.#env.PUBLIC_URL?.startsWith('https:') === true;
  }

  /** Bound to loopback, and no proxy in front hands on what comes from outside. */
  #isOnlyHere(): boolean {
    const { HOST, PUBLIC_URL, TRUSTED_PROXIES } = this.#env;
    const isLoopback = HOST === 'localhost' || HOST === '::1' || HOST?.startsWith('127.') === true;
    return isLoopback && PUBLIC_URL === undefined && TRUSTED_PROXIES === 0;
  }

  #ownProcess(): ProcessStatus {
    const cpu = process.cpuUsage();
    // What is measured is the time between two looks.
    const p99 = Math.max(0, this.#delay.percentile(99) / 1e6 - delayEveryMs);
    const health: NodeHealth = {
      ready: true,
      stuck: null,
      uptimeSeconds: process.uptime(),
      rssBytes: process.memoryUsage.rss(),
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      eventLoopDelayP99Ms: Number.isFinite(p99) ? p99 : 0,
      counters: { links: this.#house.streams.links.all().length },
    };
    this.#delay.reset();
    return {
      name: 'gateway',
      role: 'gateway',
      pid: process.pid,
      alive: true,
      ready: true,
      stuck: null,
      health,
      disk: null,
      lastSeenAt: new Date().toISOString(),
    };
  }

  #part(role: 'postgres' | 'web', part: Health['parts'][string] | undefined): ProcessStatus {
    const alive = part === 'ok';
    return {
      name: role,
      role,
      pid: null,
      alive,
      ready: alive,
      stuck: null,
      health: null,
      disk: null,
      lastSeenAt: alive ? new Date().toISOString() : null,
    };
  }
}

function ofNode(node: LinkedNode, alive: boolean): ProcessStatus {
  const { hello, health, disk } = node;
  const lastSeenAt = new Date(Date.now() - (performance.now() - node.heardAt)).toISOString();
  return {
    name: hello.role,
    role: hello.role,
    pid: hello.pid,
    alive,
    ready: alive && (health?.ready ?? false),
    stuck: health?.stuck ?? null,
    health,
    disk,
    lastSeenAt,
  };
}

async function withDeadline(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), probeWithinMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
