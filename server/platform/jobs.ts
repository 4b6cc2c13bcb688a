import { PgBoss } from 'pg-boss';
import type { z } from 'zod';

import type { Logger } from './log.ts';

/** A kind of work that outlives the request that asked for it. */
export interface Queue<Payload extends object> {
  name: string;
  payload: z.ZodType<Payload>;
  /** Tries after the first, with growing waits. */
  retriesMax: number;
  /** A try that takes longer counts as failed. */
  triesWithinSeconds: number;
}

/** Work kept in PostgreSQL: sent by whoever may, done by the process that called `work`. */
export class Jobs {
  readonly #boss: PgBoss;
  readonly #log: Logger;
  readonly #known = new Set<string>();
  #started = false;
  #starting: Promise<void> | null = null;

  constructor(options: { url: string; log: Logger }) {
    this.#log = options.log.child({ component: 'jobs' });
    this.#boss = new PgBoss({
      connectionString: options.url,
      application_name: 'sensorium jobs',
      max: 3,
      // Its list of instances is read by nobody, and taking their vitals wakes the process 50 times a second.
      registerInstance: false,
    });
    this.#boss.on('error', (error) => this.#log.warn({ action: 'jobs.error', error }, 'job queue'));
  }

  /** Whoever needs it asks for it; it starts once. */
  start(): Promise<void> {
    return (this.#starting ??= this.#start());
  }

  /** `key`: of several with the same key that wait, one is kept. Returns whether it was added. */
  async send<Payload extends object>(
    queue: Queue<Payload>,
    payload: Payload,
    options: { afterSeconds?: number; key?: string } = {},
  ): Promise<boolean> {
    await this.#open(queue);
    const id = await this.#boss.send(queue.name, queue.payload.parse(payload), {
      ...(options.afterSeconds === undefined ? {} : { startAfter: options.afterSeconds }),
      ...(options.key === undefined ? {} : { singletonKey: options.key }),
    });
    return id !== null;
  }

  /** One at a time in this process. A payload that does not parse fails its job and is kept to be looked at. */
  async work<Payload extends object>(
    queue: Queue<Payload>,
    handle: (payload: Payload) => Promise<void>,
  ): Promise<void> {
    await this.#open(queue);
    await this.#boss.work(queue.name, { batchSize: 1, pollingIntervalSeconds: 2 }, async (jobs) => {
      for (const job of jobs) {
        const startedAt = performance.now();
        await handle(queue.payload.parse(job.data));
        this.#log.info(
          { action: queue.name, jobId: job.id, durationMs: Math.round(performance.now() - startedAt) },
          'job done',
        );
      }
    });
  }

  /** What waits and what is being done, by queue. */
  async lengths(): Promise<{ queue: string; state: 'waiting' | 'active'; count: number }[]> {
    if (!this.#started || this.#known.size === 0) return [];
    const queues = await this.#boss.getQueues([...this.#known]);
    return queues.flatMap(({ name, queuedCount, activeCount }) => [
      { queue: name, state: 'waiting', count: queuedCount },
      { queue: name, state: 'active', count: activeCount },
    ]);
  }

  /** Lets running work end. */
  async close(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    await this.#boss.stop({ graceful: true, timeout: 3000 });
  }

  async #start(): Promise<void> {
    try {
      await this.#boss.start();
      this.#started = true;
    } catch (error) {
      this.#starting = null;
      throw error;
    }
  }

  async #open<Payload extends object>(queue: Queue<Payload>): Promise<void> {
    if (this.#known.has(queue.name)) return;
    await this.#boss.createQueue(queue.name, {
      policy: 'stately',
      retryLimit: queue.retriesMax,
      retryDelay: 5,
      retryBackoff: true,
      expireInSeconds: queue.triesWithinSeconds,
      deleteAfterSeconds: 7 * 86_400,
    });
    this.#known.add(queue.name);
  }
}
