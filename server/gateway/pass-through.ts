import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { pipeline, Transform } from 'node:stream';

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
  /** Of the request. */
  bodyBytesMax: number;
  /** What is said in place of an answer with this status, if anything. */
  replaced?: (status: number) => AppError | null;
}

const tellEachBytes = 4 * 1_048_576;

/** Answers of other processes, passed through as they come: nothing is held, either side's end ends the other. */
export class PassThrough {
  readonly #onBytes: ((request: IncomingMessage, bytes: number) => void) | undefined;
  readonly #agent = new Agent({ keepAlive: true, keepAliveMsecs: 5000, maxSockets: 4096, maxFreeSockets: 256 });
  #open = 0;

  /** `onBytes` is told what was passed on of an answer, at its end and each few megabytes of one that does not end. */
  constructor(onBytes?: (request: IncomingMessage, bytes: number) => void) {
    this.#onBytes = onBytes;
  }

  /** Bodies and waits under way. */
  get open(): number {
    return this.#open;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Resolves when the answer is passed on. Rejects with an AppError while nothing was sent yet. */
  async pass(request: IncomingMessage, response: ServerResponse, options: PassOptions): Promise<void> {
    if (Number(request.headers['content-length'] ?? 0) > options.bodyBytesMax) throw tooLarge(options.bodyBytesMax);
    this.#open += 1;
    try {
      const answer = await this.#ask(request, response, options, this.#agent);
      const error = options.replaced?.(answer.statusCode ?? 502);
      if (error) {
        // Read to its end, so that the connection can be used again.
        answer.on('error', () => answer.destroy()).resume();
        throw error;
      }
      const uncount = this.#onBytes && countBytes(answer, (bytes) => this.#onBytes?.(request, bytes));
      await deliver(answer, response, options.idleMs);
      uncount?.();
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
      const { target, path, answerWithinMs, bodyBytesMax } = options;
      let late = false;
      let exceeded = false;
      const ask = httpRequest({
        agent,
        host: target.hostname,
        port: target.port,
        method: request.method,
        path,
        headers: { ...framed(request), ...options.headers },
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
        // One that is asked for again and again would gather listeners.
        answer.once('close', () => response.off('close', abort));
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
        if (exceeded) {
          reject(tooLarge(bodyBytesMax));
          return;
        }
        const code = late ? 'TIMED_OUT' : isRefused(cause) ? 'UNAVAILABLE' : 'BAD_GATEWAY';
        reject(new AppError(code, { message: `${target.host} did not answer`, cause }));
      });
      if (isBodyless(request)) ask.end();
      else {
        const bounded = boundedBody(bodyBytesMax, () => (exceeded = true));
        // By `pipe`, so that the request outlives a refused body and can be answered; a client that goes away ends `ask` above.
        pipeline(request.pipe(bounded), ask, () => {
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

/** Listens beside the pipe, so that nothing is copied and the pipe still sets the pace. Returns what tells the rest. */
function countBytes(answer: IncomingMessage, tell: (bytes: number) => void): () => void {
  let bytes = 0;
  const flush = () => {
    if (bytes > 0) tell(bytes);
    bytes = 0;
  };
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes >= tellEachBytes) flush();
  });
  return flush;
}

/** Fails, and says so first, when more than `bytesMax` have come through. */
function boundedBody(bytesMax: number, onExceeded: () => void): Transform {
  let bytes = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) done(null, chunk);
      else {
        onExceeded();
        done(tooLarge(bytesMax));
      }
    },
  });
}

function tooLarge(bytesMax: number): AppError {
  return new AppError('TOO_LARGE', { message: `the body is larger than ${bytesMax} bytes`, details: { bytesMax } });
}

/** Where a body ends must never be in doubt on a connection that others use after it; Node frames none for DELETE and OPTIONS by itself. */
function framed(request: IncomingMessage): OutgoingHttpHeaders {
  const { 'content-length': length, ...headers } = withoutHopByHop(request.headers);
  if (isBodyless(request)) return headers;
  return length === undefined
    ? { ...headers, 'transfer-encoding': 'chunked' }
    : { ...headers, 'content-length': length };
}

/** What such requests carry is not passed on. */
function isBodyless(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT');
}
