import { getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Logger } from 'pino';

import { Child } from '#server/supervisor/child.ts';

import type { PictureAsk } from './picture-ask.ts';
import { pictureAnswer, type PictureAnswer } from './picture-protocol.ts';
import { processorMs } from './processor-time.ts';

export interface PictureRequest {
  streamId: string;
  /** ftyp+moov of the video track. */
  init: Buffer;
  /** moof+mdat that opens with a key frame. */
  chunk: Buffer;
  /** 640 unless told. */
  widthMax?: number;
}

/** There is no picture in these bytes, and asking again will not make one. */
export class UndecodableError extends Error {
  override name = 'UndecodableError';
}

export interface Picture {
  jpeg: Buffer;
  width: number;
  height: number;
  /** Mean, 0 (black) … 255. */
  luma: number;
  /** 32 × 18 mean lumas, row by row. */
  grid: Buffer;
}

export interface PicturePool {
  /** Rejects when it can't be decoded, is late, or a newer picture of the same stream took its place. */
  picture: (request: PictureRequest) => Promise<Picture>;
  close: () => Promise<void>;
  readonly counters: { decoded: number; failed: number; dropped: number; restarts: number };
}

export interface PicturePoolOptions {
  log: Logger;
  workers: number;
  /** Of processor time for one picture: on a machine that has too much to do the clock tells nothing of who hangs. */
  deadlineMs?: number;
  /** Streams that wait; beyond it the longest waiting goes. */
  queueMax?: number;
  /** A process without work ends after this: what decodes takes 25 MB. */
  idleMs?: number;
  /** Somebody waits for these pictures: not the last in line for the processor. */
  isUrgent?: boolean;
  /** Begins the names of its processes. */
  name?: string;
  /** The file that runs in the child; tests put a faulty one here. */
  entry?: string;
}

interface Job {
  request: PictureRequest;
  resolve: (picture: Picture) => void;
  reject: (error: Error) => void;
}

const widthMaxDefault = 640;
const quality = 80;
/** As for every process that loads codecs: many seconds on a machine that has too much to do. */
const readyWithinMs = 30_000;
const drainWithinMs = 1000;
const deadlineMsDefault = 5000;
/** Deadlines that one who waits for the processor, or for nothing, is given. */
const patience = 6;
const restartMsMax = 30_000;
/** Its buffers live for one picture: a small nursery frees them, where a large one would keep the last dozen. */
const nodeFlags = ['--max-semi-space-size=1', '--v8-pool-size=1'];

export function createPicturePool(options: PicturePoolOptions): PicturePool {
  const { log, workers, queueMax = 256 } = options;
  const queue = new Map<string, Job>();
  const counters = { decoded: 0, failed: 0, dropped: 0, restarts: 0 };
  let closed = false;

  const drop = (streamId: string, why: string) => {
    const job = queue.get(streamId);
    if (!job) return;
    queue.delete(streamId);
    counters.dropped += 1;
    job.reject(new Error(why));
  };
  const take = (): Job | null => {
    const [next] = queue;
    if (!next) return null;
    queue.delete(next[0]);
    return next[1];
  };
  const members = Array.from(
    { length: workers },
    (_, at) => new PictureWorker({ ...options, name: `${options.name ?? 'picture'}-${at}`, take, counters }),
  );

  return {
    counters,
    picture: (request) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('the picture pool is closed'));
        drop(request.streamId, 'a newer picture took its place');
        if (queue.size >= queueMax) drop([...queue.keys()][0] ?? '', 'too many pictures wait');
        queue.set(request.streamId, { request, resolve, reject });
        for (const member of members) member.wake();
      }),
    close: async () => {
      closed = true;
      for (const streamId of queue.keys()) drop(streamId, 'the picture pool is closed');
      await Promise.all(members.map((member) => member.close()));
      log.debug({ action: 'pictures.closed', ...counters }, 'picture pool closed');
    },
  };
}

interface WorkerOptions extends Omit<PicturePoolOptions, 'name'> {
  name: string;
  take: () => Job | null;
  counters: PicturePool['counters'];
}

/** One picture process, started when there is work, and the picture it has in hand. */
class PictureWorker {
  readonly #options: WorkerOptions;
  #child: Child | null = null;
  #starting = false;
  #closed = false;
  #job: { id: number; job: Job; deadline: NodeJS.Timeout; begunAt: number; spentMs: number | null } | null = null;
  #ids = 0;
  #failures = 0;
  #restart: NodeJS.Timeout | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  wake(): void {
    if (this.#closed || this.#job || this.#starting || this.#restart) return;
    if (this.#child) this.#next(this.#child);
    else void this.#start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#restart) clearTimeout(this.#restart);
    if (this.#idle) clearTimeout(this.#idle);
    await this.#child?.stop();
  }

  async #start(): Promise<void> {
    this.#starting = true;
    const { name, log, entry = fileURLToPath(new URL('picture-main.ts', import.meta.url)) } = this.#options;
    // Nothing of our environment: what decodes strangers' bytes has no business with secrets.
    const env: NodeJS.ProcessEnv = {
      NODE_ENV: 'production',
      UV_THREADPOOL_SIZE: '2',
      MALLOC_ARENA_MAX: '2',
      // Fixed, a picture's planes go back to the system with it; left to itself it rises, and they stay.
      MALLOC_MMAP_THRESHOLD_: '131072',
    };
    // Our own is a folder for this version of Node in the one that was asked for.
    const compiled = getCompileCacheDir();
    if (compiled) env['NODE_COMPILE_CACHE'] = path.dirname(compiled);
    const ready = { by: 'message' } as const;
    const child = new Child({
      name,
      command: process.execPath,
      args: [...nodeFlags, entry, ...(this.#options.isUrgent ? ['urgent'] : [])],
      env,
      ready,
      readyWithinMs,
      drainWithinMs,
    });
    this.#child = child;
    child.on('line', (source, text) => log.debug({ action: 'picture.line', source, text }, 'picture process'));
    child.on('message', (message) => this.#answered(child, message));
    child.on('gone', (ending) => {
      // One that ended for want of work has nothing in hand.
      if (this.#child !== child) return;
      this.#child = null;
      if (ending.kind === 'asked') return this.#end(new Error('the picture pool is closed'));
      log.warn({ action: 'picture.gone', message: ending.message }, 'the picture process is gone and starts again');
      this.#options.counters.restarts += 1;
      this.#end(new Error(`the picture process is gone: ${ending.message}`));
      this.#restartLater();
    });
    try {
      await child.start();
      this.#starting = false;
      if (this.#closed) await child.stop();
      else this.wake();
    } catch {
      this.#starting = false; // `gone` has told it and set the next try.
    }
  }

  #restartLater(): void {
    if (this.#closed) return;
    const waitMs = Math.min(restartMsMax, 200 * 2 ** Math.min(this.#failures, 8));
    this.#failures += 1;
    this.#restart = setTimeout(() => {
      this.#restart = null;
      this.wake();
    }, waitMs);
    this.#restart.unref();
  }

  #next(child: Child): void {
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
    const job = this.#options.take();
    if (!job) return this.#rest(child);
    const id = (this.#ids += 1);
    const { deadlineMs = deadlineMsDefault } = this.#options;
    const deadline = setInterval(() => this.#look(child, id), deadlineMs);
    this.#job = { id, job, deadline, begunAt: performance.now(), spentMs: processorMs(child.pid) };
    const { init, chunk, widthMax = widthMaxDefault } = job.request;
    const ask: PictureAsk = {
      type: 'picture',
      id,
      init: init.toString('base64'),
      chunk: chunk.toString('base64'),
      widthMax,
      quality,
    };
    const sent = child.send(ask);
    if (!sent) child.kill();
  }

  /** Ends who has had its time. Who did not get it may go on for a while: to begin anew would cost the machine more. */
  #look(child: Child, id: number): void {
    const current = this.#job;
    if (current?.id !== id) return;
    const { deadlineMs = deadlineMsDefault } = this.#options;
    const spentMs = processorMs(child.pid);
    const hadItsTime = spentMs === null || current.spentMs === null || spentMs - current.spentMs >= deadlineMs / 2;
    if (hadItsTime || performance.now() - current.begunAt >= patience * deadlineMs) child.kill();
  }

  #rest(child: Child): void {
    const { idleMs } = this.#options;
    if (idleMs === undefined) return;
    this.#idle = setTimeout(() => {
      if (this.#child !== child || this.#job) return;
      this.#child = null;
      void child.stop();
    }, idleMs);
    this.#idle.unref();
  }

  #answered(child: Child, message: unknown): void {
    const answer = pictureAnswer.safeParse(message);
    if (!answer.success || child !== this.#child || answer.data.id !== this.#job?.id) return;
    this.#end(answer.data);
    this.wake();
  }

  #end(outcome: PictureAnswer | Error): void {
    const current = this.#job;
    if (!current) return;
    this.#job = null;
    clearInterval(current.deadline);
    const { counters } = this.#options;
    if (outcome instanceof Error || outcome.type === 'failed') {
      counters.failed += 1;
      current.job.reject(outcome instanceof Error ? outcome : new UndecodableError(outcome.message));
      return;
    }
    counters.decoded += 1;
    this.#failures = 0;
    const grid = Buffer.from(outcome.grid, 'base64');
    const luma = grid.reduce((sum, value) => sum + value, 0) / grid.length;
    const { width, height } = outcome;
    current.job.resolve({ jpeg: Buffer.from(outcome.jpeg, 'base64'), width, height, grid, luma });
  }
}
