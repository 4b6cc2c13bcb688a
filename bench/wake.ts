import { spawnSync, fork } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const rounds = 6;
const scratch = Buffer.alloc(65_536);

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
    this.#socket.on('close', () => this.#done?.());
  }

  /** When the first byte of the answer came. */
  async ask(path: string): Promise<number> {
    this.#answeredAt = 0;
    const answered = new Promise<void>((done) => {
      this.#done = done;
    });
    this.#socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    await answered;
    if (this.#answeredAt === 0) throw new Error('a held request was cut');
    return this.#answeredAt;
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Milliseconds from the first answer to each of `held` requests that waited for the same. `next`: the path they wait for. */
export async function wakes(port: number, held: number, next: () => Promise<string>): Promise<number[]> {
  const requests = Array.from({ length: held }, () => new HeldRequest(port));
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const path = await next();
    const times = await Promise.all(requests.map((request) => request.ask(path)));
    const begin = Math.min(...times);
    // The first round opens the connections.
    if (round > 0) waits.push(...times.map((time) => time - begin));
    // The rest of an answer must not be taken for the next one.
    await sleep(500);
  }
  for (const request of requests) request.close();
  return waits;
}

/** The same of a server that only writes: what the machine and this client take of it. */
export async function bareWakes(held: number, bytes: number): Promise<number[]> {
  const server = fork(resolve(import.meta.dirname, 'bare-server.ts'), [String(bytes)]);
  try {
    const port = await new Promise<number>((done, failed) => {
      server.once('message', (said) => done(Number(said)));
      server.once('exit', () => failed(new Error('the bare server did not start')));
    });
    return await wakes(port, held, async () => {
      server.send(held);
      return '/';
    });
  } finally {
    server.kill();
  }
}

/** With `pid` on the first core and this process on the others, as where viewers are other machines; null where that can't be had. */
export async function onCoresOfTheirOwn<Result>(pid: number, work: () => Promise<Result>): Promise<Result | null> {
  const last = availableParallelism() - 1;
  const pin = (cores: string, who: number) => spawnSync('taskset', ['-acp', cores, String(who)]).status === 0;
  if (last < 1 || !pin('0', pid)) return null;
  pin(`1-${last}`, process.pid);
  try {
    return await work();
  } finally {
    pin(`0-${last}`, pid);
    pin(`0-${last}`, process.pid);
  }
}
