import type { IncomingMessage, ServerResponse } from 'node:http';

import type { House } from '#server/api/house.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { figuresAnswer, type FiguresAnswer } from '#server/contracts/supervisor.ts';
import { AppError } from '#server/platform/app-error.ts';
import { readDatabaseFigures, readOutboxLengths } from '#server/platform/database-figures.ts';
import type { ServerEnv } from '#server/platform/env.ts';
import type { Metrics } from '#server/platform/metrics.ts';

import { joinExpositions } from './metrics-text.ts';

/** Of each process; one that is late is down. */
const answerWithinMs = 2000;
const heardWithinMs = 5000;

interface Options {
  house: House;
  env: Pick<ServerEnv, 'WEB_URL' | 'INTERNAL_SECRET'>;
  metrics: Metrics;
  /** What only the process that runs the gateway knows. */
  observe: () => void | Promise<void>;
}

/** All processes of this house in one text. */
export class MetricsDoor {
  readonly #options: Options;
  /** Several that ask at once get one look. */
  #looking: Promise<string> | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /** For whoever holds `system:metrics`. The loopback bind of the internal door needs no permission. */
  async answer(request: IncomingMessage, response: ServerResponse, actor: Actor): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new AppError('BAD_REQUEST', { message: 'metrics are read with GET' });
    this.#options.house.identity.authorize(actor, 'system:metrics');
    await this.send(response);
  }

  async send(response: ServerResponse): Promise<void> {
    const text = await this.text();
    response.setHeader('cache-control', 'no-store');
    response.writeHead(200, { 'content-type': this.#options.metrics.registry.contentType }).end(text);
  }

  text(): Promise<string> {
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #look(): Promise<string> {
    const { metrics, observe } = this.#options;
    metrics.up.set({ process: 'gateway' }, 1);
    this.#tellSidecars();
    const [web] = await Promise.all([
      this.#asked('web', () => this.#readWeb()),
      this.#asked('supervisor', () => this.#readSupervisor()),
      this.#asked('postgres', () => this.#readDatabase()),
      within(async () => observe()).catch(() => {
        // What it would have said stays as it was; each process above has its own mark.
      }),
    ]);
    return joinExpositions([await metrics.registry.metrics(), web ?? '']);
  }

  async #asked<T>(process: string, read: () => Promise<T>): Promise<T | null> {
    const { up } = this.#options.metrics;
    try {
      const answer = await within(read);
      up.set({ process }, 1);
      return answer;
    } catch {
      up.set({ process }, 0); // Why, its own log says.
      return null;
    }
  }

  #tellSidecars(): void {
    const { house, metrics } = this.#options;
    const { up, rss, cpu, loopDelay, counters, nodes } = metrics;
    for (const gauge of [rss, cpu, loopDelay, counters, metrics.queues]) gauge.reset();
    const heard = house.streams.links.heardWithin(heardWithinMs);
    for (const role of ['ingest', 'slicer'] as const) {
      nodes.set({ role }, house.streams.links.ofRole(role).length);
      up.set({ process: role }, heard.some(({ hello }) => hello.role === role) ? 1 : 0);
    }
    for (const { hello, health } of heard) {
      if (!health) continue;
      const of = { process: hello.role, node: hello.node };
      rss.set(of, health.rssBytes);
      cpu.set(of, health.cpuSeconds);
      loopDelay.set(of, health.eventLoopDelayP99Ms / 1000);
      for (const [value, count] of Object.entries(health.counters)) counters.set({ ...of, value }, count);
    }
  }

  async #readWeb(): Promise<string> {
    const { env } = this.#options;
    const response = await fetch(new URL('/internal/metrics', env.WEB_URL), {
      headers: { authorization: `Bearer ${env.INTERNAL_SECRET}` },
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const text = await response.text();
    if (!response.ok) throw new AppError('BAD_GATEWAY', { message: `the pages' metrics: ${response.status}` });
    return text;
  }

  async #readSupervisor(): Promise<void> {
    const { rss, cpu, loopDelay, restarts } = this.#options.metrics;
    const figures = await askSupervisor();
    const of = { process: 'supervisor', node: '' };
    rss.set(of, figures.rssBytes);
    cpu.set(of, figures.cpuSeconds);
    loopDelay.set(of, figures.eventLoopDelayP99Ms / 1000);
    for (const child of figures.children) restarts.set({ process: child.name }, child.restarts);
  }

  async #readDatabase(): Promise<void> {
    const { house, metrics } = this.#options;
    const { database } = house.platform;
    const [figures, outbox] = await Promise.all([readDatabaseFigures(database), readOutboxLengths(database)]);
    for (const { value, count } of figures) metrics.database.set({ value }, count);
    for (const { kind, state, count } of outbox) metrics.queues.set({ queue: `outbox ${kind}`, state }, count);
  }
}

/** By the channel on which it started us; a gateway that was started by hand has none. */
function askSupervisor(): Promise<FiguresAnswer> {
  return new Promise((resolve, reject) => {
    if (!process.send) {
      reject(new Error('no supervisor'));
      return;
    }
    const done = (answer?: FiguresAnswer) => {
      clearTimeout(deadline);
      process.off('message', hear);
      if (answer) resolve(answer);
      else reject(new Error('the supervisor did not answer'));
    };
    const hear = (message: unknown) => {
      const parsed = figuresAnswer.safeParse(message);
      if (parsed.success) done(parsed.data);
    };
    const deadline = setTimeout(done, answerWithinMs);
    process.on('message', hear);
    process.send({ type: 'figures?' });
  });
}

async function within<T>(work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), answerWithinMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
