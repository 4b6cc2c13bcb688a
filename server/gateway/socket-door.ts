import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { WebSocketServer } from 'ws';

import type { AppRouter } from '#server/api/app-router.ts';
import { presentedBy, type ActorOf } from '#server/api/request-context.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { holderOf, type TokensService } from '#server/identity/tokens/service.ts';
import { AppError, toErrorBody } from '#server/platform/app-error.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Metrics } from '#server/platform/metrics.ts';
import { toAppError, type Context } from '#server/platform/trpc.ts';

import { challengeOf } from './api-origins.ts';
import type { RequestLimits } from './request-limits.ts';
import { SocketLink } from './socket-link.ts';

export const socketPath = '/trpc';

const messageBytesMax = 256 * 1024;
/** Of one client, and of all. */
const linksOfClientMax = 50;
const linksMax = 2000;
const sideBySide = 50;
const usualTimes = {
  /** With the 5 s for which somebody's rights are remembered, whoever loses them is cut off within 15 s. */
  lookEveryMs: 5000,
  pingEveryMs: 15_000,
  silentMsMax: 40_000,
  /** A guest's identity lives no longer; everybody else only connects again. */
  livesMs: 12 * 3_600_000,
};

interface Options {
  appRouter: AppRouter;
  actorOf: ActorOf;
  tokens: Pick<TokensService, 'redeemWsTicket' | 'actorOfHolder'>;
  addressOf: (request: IncomingMessage) => string;
  /** Whether it comes from a page of ours, or from no page. */
  isOurs: (request: IncomingMessage) => boolean;
  limits: Pick<RequestLimits, 'passConnection' | 'passCalls' | 'passMessages' | 'clientOf'>;
  contextOf: (
    request: IncomingMessage,
    call: { actor: Actor; requestId: string; takesMore: () => Promise<void> },
  ) => Context;
  metrics: Pick<Metrics, 'requests' | 'webSocketDrops'>;
  log: Logger;
  times?: Partial<typeof usualTimes>;
}

/** `/trpc` as a WebSocket: the procedures of the other doors, and those that go on telling. */
export class SocketDoor {
  readonly #options: Options;
  readonly #log: Logger;
  readonly #times: typeof usualTimes;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax, perMessageDeflate: false });
  readonly #links = new Set<SocketLink>();
  /** How many each client has, those that are being opened among them. */
  readonly #ofClient = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #pingedAt = 0;
  #closing = false;

  constructor(options: Options) {
    this.#options = options;
    this.#log = options.log.child({ component: 'socket' });
    this.#times = { ...usualTimes, ...options.times };
  }

  get open(): number {
    return this.#links.size;
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const requestId = randomUUID();
    const gone = (error: Error) => this.#log.debug({ action: 'socket.gone', requestId, error }, 'gone while it opened');
    socket.on('error', gone);
    this.#admit(request, socket, { head, requestId }).then(
      () => this.#count('1xx'),
      (cause: unknown) => {
        const error = toAppError(cause);
        if (error.code === 'INTERNAL')
          this.#log.error({ action: 'socket.refused', requestId, error: error.cause ?? error }, error.message);
        this.#count(`${Math.floor(error.status / 100)}xx`);
        refuse(socket, error, requestId);
      },
    );
  }

  /** Clients come to the next gateway by themselves. */
  close(): void {
    this.#closing = true;
    for (const link of this.#links) link.close('restart', 'the house restarts: connect again');
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #admit(
    request: IncomingMessage,
    socket: Duplex,
    { head, requestId }: { head: Buffer; requestId: string },
  ): Promise<void> {
    const { actorOf, addressOf, isOurs, limits, metrics, appRouter, contextOf } = this.#options;
    if (request.headers.upgrade?.toLowerCase() !== 'websocket')
      throw new AppError('BAD_REQUEST', { message: 'this address is upgraded to a WebSocket' });
    if (this.#closing)
      throw new AppError('UNAVAILABLE', { message: 'the house restarts', details: { retryAfterSeconds: 2 } });
    if (!isOurs(request)) throw new AppError('FORBIDDEN', { message: 'the request comes from a page of another site' });
    const ticket = ticketOf(request);
    const actor = await limits.passConnection(request, ticket === null ? null : () => this.#redeem(ticket));
    const ofTicket = ticket === null ? null : holderOf(actor);
    const look = ofTicket
      ? () => this.#options.tokens.actorOfHolder(ofTicket)
      : () => actorOf(presentedBy(request, addressOf(request)));
    const { client } = limits.clientOf(request, actor);
    const leave = this.#enter(client);
    socket.once('close', leave);
    if (socket.destroyed) return leave();
    this.#server.handleUpgrade(request, socket, head, (link) => {
      const opened = new SocketLink({
        server: this.#server,
        link,
        request,
        appRouter,
        actor,
        look,
        limits,
        context: (takesMore) => contextOf(request, { actor, requestId, takesMore }),
        onDrop: (reason) => metrics.webSocketDrops.inc({ reason }),
        log: this.#log,
      });
      this.#links.add(opened);
      this.#timer ??= setInterval(() => void this.#lookAfter(), this.#times.lookEveryMs).unref();
      link.once('close', (code) => {
        this.#links.delete(opened);
        const durationMs = Math.round(performance.now() - opened.openedAt);
        this.#log.debug({ action: 'socket.closed', requestId, code, durationMs }, 'a WebSocket closed');
      });
    });
  }

  async #redeem(ticket: string): Promise<Actor> {
    const actor = await this.#options.tokens.redeemWsTicket(ticket);
    if (actor) return actor;
    throw new AppError('UNAUTHENTICATED', {
      message: 'the ticket was used, is over, or whoever asked for it may not any more',
      details: { reason: 'invalid_token' },
    });
  }

  /** Takes a place; returns how to leave it. */
  #enter(client: string): () => void {
    const held = this.#ofClient.get(client) ?? 0;
    const all = this.#links.size;
    if (held >= linksOfClientMax || all >= linksMax) {
      this.#options.metrics.webSocketDrops.inc({ reason: 'full' });
      throw new AppError(held >= linksOfClientMax ? 'TOO_MANY_REQUESTS' : 'UNAVAILABLE', {
        message:
          held >= linksOfClientMax ? `a client has ${linksOfClientMax} WebSockets at most` : 'too many WebSockets',
        details: { reason: 'connections', retryAfterSeconds: 10 },
      });
    }
    this.#ofClient.set(client, held + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const rest = (this.#ofClient.get(client) ?? 1) - 1;
      if (rest > 0) this.#ofClient.set(client, rest);
      else this.#ofClient.delete(client);
    };
  }

  async #lookAfter(): Promise<void> {
    const now = performance.now();
    const { pingEveryMs, silentMsMax, livesMs } = this.#times;
    const pings = now - this.#pingedAt >= pingEveryMs;
    if (pings) this.#pingedAt = now;
    const links = [...this.#links];
    for (const link of links) {
      if (now - link.heardAt > silentMsMax) link.cut('silent');
      else if (now - link.openedAt > livesMs) link.close('old', 'open for long: connect again');
      else if (pings) link.ping();
    }
    for (let from = 0; from < links.length; from += sideBySide)
      await Promise.all(links.slice(from, from + sideBySide).map((link) => link.lookAgain()));
  }

  #count(status: string): void {
    this.#options.metrics.requests.inc({ door: 'socket', status });
  }
}

function ticketOf(request: IncomingMessage): string | null {
  const [, query = ''] = (request.url ?? '').split('?');
  return new URLSearchParams(query).get('ticket');
}

/** In the words of the other doors: nothing has been upgraded yet. */
function refuse(socket: Duplex, error: AppError, requestId: string): void {
  const body = JSON.stringify(toErrorBody(error, { reference: requestId }));
  const wait = error.details['retryAfterSeconds'];
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      `x-request-id: ${requestId}`,
      ...(typeof wait === 'number' ? [`retry-after: ${wait}`] : []),
      ...(error.status === 401 ? [`www-authenticate: ${challengeOf(error)}`] : []),
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
