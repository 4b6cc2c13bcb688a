import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { getWSConnectionHandler, jsonEncoder } from '@trpc/server/adapters/ws';
import type { RawData, WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

import type { AppRouter } from '#server/api/app-router.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { AppError, isAppError } from '#server/platform/app-error.ts';
import type { Logger } from '#server/platform/log.ts';
import { toAppError, type Context } from '#server/platform/trpc.ts';

import type { RequestLimits } from './request-limits.ts';
import { errorFrame, readCalls, type SocketCall } from './socket-message.ts';
import { isSameStanding } from './socket-standing.ts';

/** Frames that wait for their turn: who sends faster than the limit is cut before they fill the memory. */
const waitingMax = 200;
const subscriptionsMax = 20;
/** What a client that does not read may leave waiting, answers of single calls among it. */
const bufferBytesMax = 4 * 1024 * 1024;
/** Subscriptions tell nothing more while this much waits. */
const fullBytes = 256 * 1024;
const fullEveryMs = 50;
const closeWithinMs = 2000;

/** Why a connection ends; 4000 and above are ours, like those of HTTP. */
const closeCodes = {
  text: 1003,
  restart: 1012,
  over: 4401,
  changed: 4403,
  messages: 4429,
  old: 4408,
} as const;
type CloseReason = keyof typeof closeCodes;

/** As far as it says how a subscription is; an error has no result. */
const answer = z.object({
  id: z.union([z.number(), z.string()]),
  result: z.object({ type: z.string() }).optional(),
});

interface Options {
  /** Only because the adapter's options name it: connections are handed over one by one. */
  server: WebSocketServer;
  link: WebSocket;
  request: IncomingMessage;
  appRouter: AppRouter;
  /** Who opened it. */
  actor: Actor;
  /** Who the same credential is at this moment; throws or null where it opens nothing any more. */
  look: () => Promise<Actor | null>;
  context: (takesMore: () => Promise<void>) => Context;
  limits: Pick<RequestLimits, 'passCalls' | 'passMessages'>;
  onDrop: (reason: string) => void;
  log: Logger;
}

/** One connection of tRPC: counts and bounds what comes, looks again at who is asking, and hands the rest to the library's adapter. */
export class SocketLink {
  readonly #options: Options;
  readonly #context: Context;
  /** What the adapter hears. */
  readonly #heard = new EventEmitter();
  /** Asked for or running. */
  readonly #subscriptions = new Map<SocketCall['id'], 'asked' | 'started'>();
  readonly openedAt = performance.now();
  heardAt = performance.now();
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  #looking = false;

  constructor(options: Options) {
    this.#options = options;
    this.#context = options.context(() => this.#takesMore());
    const { server, link, request, appRouter, log } = options;
    const hear = () => (this.heardAt = performance.now());
    link.on('message', (data, isBinary) => {
      hear();
      this.#receive(data, isBinary);
    });
    link.on('pong', hear);
    link.on('ping', () => {
      hear();
      this.#queue([{ id: null, method: 'PING', path: null }], null);
    });
    link.on('error', (error) => log.debug({ action: 'socket.error', error }, 'a WebSocket failed'));
    link.once('close', () => this.#heard.emit('close'));
    getWSConnectionHandler({
      wss: server,
      router: appRouter,
      createContext: () => this.#context,
      experimental_encoder: {
        encode: (message) => {
          this.#follow(message);
          return jsonEncoder.encode(message);
        },
        decode: (data) => jsonEncoder.decode(data),
      },
    })(this.#facade(), request);
  }

  get isOpen(): boolean {
    return this.#options.link.readyState === this.#options.link.OPEN;
  }

  ping(): void {
    if (this.isOpen) this.#options.link.ping();
  }

  /** Cut without a word. */
  cut(reason: 'silent' | 'slow'): void {
    this.#options.onDrop(reason);
    this.#options.link.terminate();
  }

  close(why: CloseReason, message: string): void {
    const { link, onDrop } = this.#options;
    if (!this.isOpen) return;
    if (why !== 'restart' && why !== 'old') onDrop(why);
    link.close(closeCodes[why], message);
    // Who does not answer the farewell is not waited for as long as the library would.
    setTimeout(() => link.terminate(), closeWithinMs).unref();
  }

  /** Closes where the credential is over, or what it may is not what it was: the client comes again, and is asked anew. */
  async lookAgain(): Promise<void> {
    if (this.#looking || !this.isOpen) return;
    this.#looking = true;
    try {
      await this.#look();
    } catch (error) {
      // A database that is away must not stop what runs.
      this.#options.log.warn({ action: 'socket.unasked', error }, 'nobody could say whether a WebSocket may go on');
    } finally {
      this.#looking = false;
    }
  }

  /** False where it was closed. */
  async #look(): Promise<boolean> {
    const { actor, look } = this.#options;
    const now = await look().catch((error: unknown) => {
      if (isAppError(error) && error.code === 'UNAUTHENTICATED') return null;
      throw error;
    });
    if (now !== null && isSameStanding(actor, now)) return this.isOpen;
    const isOver = now === null || (now.type === 'anonymous' && actor.type !== 'anonymous');
    if (isOver) this.close('over', 'the credential is over or was revoked');
    else this.close('changed', 'what you may has changed: connect again');
    return false;
  }

  /** One that runs and fails is told to have stopped as well. */
  #follow(message: unknown): void {
    const told = answer.safeParse(message).data;
    if (!told) return;
    const { id, result } = told;
    if (result?.type === 'started') this.#subscriptions.set(id, 'started');
    else if (result?.type === 'stopped') this.#subscriptions.delete(id);
    else if (!result && this.#subscriptions.get(id) === 'asked') this.#subscriptions.delete(id);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (isBinary || !Buffer.isBuffer(data)) return this.close('text', 'messages are text');
    const text = data.toString();
    try {
      this.#queue(readCalls(text), data);
    } catch (error) {
      this.#queue([{ id: null, method: '', path: null }], null, toAppError(error));
    }
  }

  /** In the order in which they came. */
  #queue(calls: readonly SocketCall[], data: Buffer | null, fault: AppError | null = null): void {
    if (this.#waiting >= waitingMax) return this.close('messages', 'too many messages');
    this.#waiting += 1;
    this.#work = this.#work
      .then(() => this.#handle(calls, data, fault))
      .catch((error: unknown) => this.#refuse(calls, toAppError(error)))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async #handle(calls: readonly SocketCall[], data: Buffer | null, fault: AppError | null): Promise<void> {
    const { request, actor, limits } = this.#options;
    if (!this.isOpen) return;
    const connection = `socket:${this.#context.requestId}`;
    try {
      await limits.passMessages(request, { actor, connection, messages: calls.length });
    } catch (error) {
      this.#refuse(calls, toAppError(error));
      return this.close('messages', 'too many messages');
    }
    if (fault) throw fault;
    if (!data) return;
    const procedures = calls.flatMap(({ path }) => path ?? []);
    if (procedures.length > 0) {
      if (!(await this.#look())) return;
      await limits.passCalls(request, actor, procedures);
    }
    if (calls.some(({ id, path }) => path !== null && this.#subscriptions.has(id)))
      throw new AppError('BAD_REQUEST', { message: 'the id is that of a subscription which runs' });
    const begun = calls.filter(({ method }) => method === 'subscription');
    if (this.#subscriptions.size + begun.length > subscriptionsMax)
      throw new AppError('TOO_MANY_REQUESTS', {
        message: `a connection has ${subscriptionsMax} subscriptions at most`,
        details: { reason: 'subscriptions' },
      });
    for (const { id } of begun) this.#subscriptions.set(id, 'asked');
    this.#heard.emit('message', data, false);
  }

  #refuse(calls: readonly SocketCall[], error: AppError): void {
    const { appRouter, log } = this.#options;
    if (error.code === 'INTERNAL')
      log.error({ action: 'socket.failed', requestId: this.#context.requestId, error: error.cause }, error.message);
    for (const { id, path } of calls) this.#send(errorFrame(appRouter, { id, path, error, context: this.#context }));
  }

  #send(text: string): void {
    const { link } = this.#options;
    if (!this.isOpen) return;
    if (link.bufferedAmount > bufferBytesMax) this.cut('slow');
    else link.send(text);
  }

  async #takesMore(): Promise<void> {
    while (this.isOpen && this.#options.link.bufferedAmount > fullBytes) await sleep(fullEveryMs);
  }

  /** What the adapter uses of a socket: it hears what has passed, and its answers are bounded. */
  #facade(): WebSocket {
    const { link } = this.#options;
    const facade = Object.assign(this.#heard, {
      send: (text: string) => this.#send(text),
      close: () => link.close(),
      terminate: () => link.terminate(),
    });
    Object.defineProperty(facade, 'readyState', { get: () => link.readyState });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the adapter takes no other field of it
    return facade as unknown as WebSocket;
  }
}
