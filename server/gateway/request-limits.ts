import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Actor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { clientNetwork } from '#server/platform/client-network.ts';
import { LimitReached, type Allowance, type Limits } from '#server/platform/limits-counter.ts';
import { limits as table, mediaRequestBytes, type LimitName } from '#server/platform/limits.ts';

import { chargesOf, chargesOfCalls } from './charges.ts';
import { TokenRefused } from './media-guard.ts';

interface Options {
  limits: Limits;
  actorOf: (request: IncomingMessage) => Promise<Actor>;
  addressOf: (request: IncomingMessage) => string;
  /** Of a key that the operator lets ask more often. */
  rateFactorOf: (keyId: string) => number;
  /** Which procedure an address of REST calls. */
  restProcedure: (asked: { method: string; path: string }) => string | null;
  onRefused: (limit: LimitName) => void;
}

/** Who a request counts for. `person`: whose key it is, where their keys are counted together. */
interface Counted {
  client: string;
  factor: number;
  person?: string;
}

/** What stands before the doors and counts who comes. */
export class RequestLimits {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws TOO_MANY_REQUESTS, and says on the answer what is left. */
  async pass(request: IncomingMessage, response: ServerResponse, door: 'api' | 'web', path: string): Promise<void> {
    const asked = { method: request.method ?? 'GET', path };
    const charges = chargesOf(door, asked, this.#options.restProcedure);
    for (const { limit, points } of charges) {
      const counted = table[limit].of === 'client' ? await this.#client(request) : this.#ofNetwork(request);
      const allowance = await this.#charge(response, limit, { ...counted, points });
      if (door === 'api') tell(response, allowance);
    }
  }

  /** Media are counted by their bytes, as they go. Their door alone sees a token in the path, and tells a bad one by what it throws. */
  async passMedia(request: IncomingMessage, response: ServerResponse, door: () => Promise<void>): Promise<void> {
    const client = this.#network(request);
    await this.#take(response, 'media', { client, points: mediaRequestBytes });
    await this.#shown(client, hasToken(request) || hasMediaToken(request), door);
  }

  addMediaBytes(request: IncomingMessage, bytes: number): void {
    if (!request.url?.startsWith('/media/')) return;
    // Counted in this process, so there is nothing that could fail.
    void this.#options.limits.add('media', { client: this.#network(request), points: bytes });
  }

  /** Who opens a connection that stays, by a ticket where there is one: it counts as a request, and a bad ticket as a bad key. */
  async passConnection(request: IncomingMessage, redeem: (() => Promise<Actor>) | null): Promise<Actor> {
    const network = this.#network(request);
    const isToken = redeem !== null || hasToken(request);
    const actor = await this.#shown(network, isToken, redeem ?? (() => this.#options.actorOf(request)));
    await this.#charge(null, 'api', { ...this.clientOf(request, actor), points: 1 });
    return actor;
  }

  /** What is called over it: each counts like a request of its own. */
  async passCalls(request: IncomingMessage, actor: Actor, procedures: readonly string[]): Promise<void> {
    for (const { limit, points } of chargesOfCalls(procedures)) {
      const counted = table[limit].of === 'client' ? this.clientOf(request, actor) : this.#ofNetwork(request);
      await this.#charge(null, limit, { ...counted, points });
    }
  }

  /** Messages over it; `connection` is its own name. */
  async passMessages(
    request: IncomingMessage,
    { actor, connection, messages }: { actor: Actor; connection: string; messages: number },
  ): Promise<void> {
    const { factor } = this.clientOf(request, actor);
    await this.#take(null, 'websocket', { client: connection, points: messages, factor });
  }

  /** Who somebody is counted as: their credential, else their network. */
  clientOf(request: IncomingMessage, actor: Actor): Counted {
    if (actor.type !== 'user' || actor.credential.kind !== 'key')
      return { ...this.#ofNetwork(request), ...(actor.type === 'user' && { client: `user:${actor.userId}` }) };
    const factor = this.#options.rateFactorOf(actor.credential.id);
    return {
      client: `key:${actor.credential.id}`,
      factor,
      // What the operator let a key ask more often is not taken from the others.
      ...(factor === 1 && { person: `keys:${actor.userId}` }),
    };
  }

  #ofNetwork(request: IncomingMessage): Counted {
    return { client: this.#network(request), factor: 1 };
  }

  /** The credential where there is a good one, else the network. */
  async #client(request: IncomingMessage): Promise<Counted> {
    const network = this.#network(request);
    const isToken = hasToken(request);
    if (!isToken && request.headers.cookie === undefined) return this.#ofNetwork(request);
    return this.clientOf(request, await this.#shown(network, isToken, () => this.#options.actorOf(request)));
  }

  /** Whoever brings bad credentials is not looked up for long. */
  async #shown<T>(network: string, isToken: boolean, look: () => Promise<T>): Promise<T> {
    if (isToken) await this.#options.limits.check('badCredential', network);
    return look().catch(async (error: unknown) => {
      if (isToken && isBadCredential(error)) await this.#options.limits.take('badCredential', { client: network });
      throw error;
    });
  }

  #network(request: IncomingMessage): string {
    return `ip:${clientNetwork(this.#options.addressOf(request))}`;
  }

  /** Of the client, and of the person whose keys there are many of. */
  async #charge(
    response: ServerResponse | null,
    limit: LimitName,
    { person, ...counted }: Counted & { points: number },
  ): Promise<Allowance> {
    const allowance = await this.#take(response, limit, counted);
    if (person === undefined) return allowance;
    const ofAll = await this.#take(response, limit, { client: person, points: counted.points, isPerson: true });
    return ofAll.remaining < allowance.remaining ? ofAll : allowance;
  }

  async #take(
    response: ServerResponse | null,
    limit: LimitName,
    what: { client: string; points: number; factor?: number; isPerson?: boolean },
  ): Promise<Allowance> {
    try {
      return await this.#options.limits.take(limit, what);
    } catch (error) {
      if (error instanceof LimitReached) {
        if (response) tell(response, error.allowance);
        this.#options.onRefused(limit);
      }
      throw error;
    }
  }
}

/** As `/media/~{token}/…`, or as it is first asked for. */
function hasMediaToken({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/media/~') || /[?&]token=/.test(url);
}

function isBadCredential(error: unknown): boolean {
  if (error instanceof TokenRefused) return error.isForged;
  return error instanceof AppError && error.code === 'UNAUTHENTICATED' && error.details['reason'] === 'invalid_token';
}

function hasToken({ headers }: IncomingMessage): boolean {
  return headers.authorization !== undefined || headers['x-api-key'] !== undefined;
}

/** Of several limits the answer tells the one that is closest. */
function tell(response: ServerResponse, { limit, remaining, resetSeconds }: Allowance): void {
  const told = response.getHeader('ratelimit-remaining');
  if (response.headersSent || (typeof told === 'number' && told <= remaining)) return;
  response.setHeader('ratelimit-limit', limit);
  response.setHeader('ratelimit-remaining', remaining);
  response.setHeader('ratelimit-reset', resetSeconds);
}
