import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';

import { AppError } from '#server/platform/app-error.ts';

import { withoutHopByHop } from './headers.ts';

export interface PassOptions {
  /** The process that answers. */
  target: URL;
  /** Path and query there. */
  path: string;
  /** Added to what is asked, over what the client said. */
  headers: OutgoingHttpHeaders;
  /** Until the answer begins. */
  answerWithinMs: number;
  /** Silence in a body that has begun. */
  idleMs: number;
}

/** Answers of other processes, passed through as they come: nothing is held, either side's end ends the other. */
export class PassThrough {
  readonly #agent = new Agent({ keepAlive: true, keepAliveMsecs: 5000, maxSockets: 4096, maxFreeSockets: 256 });
  #open = 0;

  /** Bodies and waits under way. */
  get open(): number {
    return this.#open;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Resolves when the answer is passed on. Rejects with an AppError while nothing was sent yet. */
  async pass(request: IncomingMessage, response: ServerResponse, options: PassOptions): Promise<void> {
    this.#open += 1;
    try {
      const answer = await this.#ask(request, response, options, this.#agent);
      await deliver(answer, response, options.idleMs);
    } finally {
      this.#open -= 1;
    }
  }

  #ask(
    request: IncomingMessage,
    response: ServerResponse,
    options: PassOptions,
    agent: Agent | false,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { target, path, answerWithinMs } = options;
      let late = false;
      const ask = httpRequest({
        agent,
        host: target.hostname,
        port: target.port,
        method: request.method,
        path,
        headers: { ...withoutHopByHop(request.headers), ...options.headers },
      });
      const deadline = setTimeout(() => {
        late = true;
        ask.destroy();
      }, answerWithinMs);
      // The client went away: whoever makes the answer is to stop.
      const abort = () => ask.destroy();
      response.once('close', abort);
      ask.once('response', (answer) => {
        clearTimeout(deadline);
        resolve(answer);
      });
      ask.once('error', (cause) => {
        clearTimeout(deadline);
        response.off('close', abort);
        // The other side closed a connection that lay idle, just as we took it up again: nothing was read, ask once more on a new one.
        if (ask.reusedSocket && isBodyless(request) && !late && !response.destroyed) {
          resolve(this.#ask(request, response, options, false));
          return;
        }
        const code = late ? 'TIMED_OUT' : isRefused(cause) ? 'UNAVAILABLE' : 'BAD_GATEWAY';
        reject(new AppError(code, { message: `${target.host} did not answer`, cause }));
      });
      if (isBodyless(request)) ask.end();
      else {
        pipeline(request, ask, () => {
          // A broken body shows as the error of `ask`.
        });
      }
    });
  }
}

function deliver(answer: IncomingMessage, response: ServerResponse, idleMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      answer.destroy();
      resolve();
      return;
    }
    answer.setTimeout(idleMs, () => answer.destroy());
    response.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
    // The first bytes of an endless answer may be long in coming; its header must not wait for them.
    response.flushHeaders();
    // An error on either side ends both: the client sees a cut body, as it was.
    pipeline(answer, response, () => resolve());
  });
}

function isBodyless(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT');
}
