import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Actor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { LimitReached, type Allowance, type Limits } from '#server/platform/limits-counter.ts';
import { limits as table, mediaRequestBytes, type LimitName } from '#server/platform/limits.ts';

import { chargesOf } from './charges.ts';
import { clientNetwork } from './client-network.ts';

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
      const { client, factor } =
        table[limit].of === 'client' ? await this.#client(request) : { client: this.#network(request), factor: 1 };
      const allowance = await this.#take(response, limit, { client, points, factor });
      if (door === 'api') tell(response, allowance);
    }
  }

  /** Media are counted by their bytes, as they go. */
  async passMedia(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const client = this.#network(request);
    await this.#take(response, 'media', { client, points: mediaRequestBytes });
  }

  addMediaBytes(request: IncomingMessage, bytes: number): void {
    if (!request.url?.startsWith('/media/')) return;
    // Counted in this process, so there is nothing that could fail.
    void this.#options.limits.add('media', { client: this.#network(request), points: bytes });
  }

  /** The credential where there is a good one, else the network. Whoever brings bad ones is not looked up for long. */
  async #client(request: IncomingMessage): Promise<{ client: string; factor: number }> {
    const network = this.#network(request);
    const hasToken = request.headers.authorization !== undefined || request.headers['x-api-key'] !== undefined;
    if (!hasToken && request.headers.cookie === undefined) return { client: network, factor: 1 };
    if (hasToken) await this.#options.limits.check('badCredential', network);
    const actor = await this.#options.actorOf(request).catch(async (error: unknown) => {
      if (error instanceof AppError && error.code === 'UNAUTHENTICATED')
        await this.#options.limits.take('badCredential', { client: network });
      throw error;
    });
    const isKey = actor.type === 'user' && actor.credential.kind === 'key';
    return {
      client: clientOf(actor) ?? network,
      factor: isKey ? this.#options.rateFactorOf(actor.credential.id) : 1,
    };
  }

  #network(request: IncomingMessage): string {
    return `ip:${clientNetwork(this.#options.addressOf(request))}`;
  }

  async #take(
    response: ServerResponse,
    limit: LimitName,
    what: { client: string; points: number; factor?: number },
  ): Promise<Allowance> {
    try {
      return await this.#options.limits.take(limit, what);
    } catch (error) {
      if (error instanceof LimitReached) {
        tell(response, error.allowance);
        this.#options.onRefused(limit);
      }
      throw error;
    }
  }
}

function clientOf(actor: Actor): string | null {
  switch (actor.type) {
    case 'user':
      return actor.credential.kind === 'key' ? `key:${actor.credential.id}` : `user:${actor.userId}`;
    // Anybody may be a guest, and another one the next moment.
    case 'guest':
    case 'anonymous':
    case 'system':
      return null;
  }
}

/** Of several limits the answer tells the one that is closest. */
function tell(response: ServerResponse, { limit, remaining, resetSeconds }: Allowance): void {
  const told = response.getHeader('ratelimit-remaining');
  if (response.headersSent || (typeof told === 'number' && told <= remaining)) return;
  response.setHeader('ratelimit-limit', limit);
  response.setHeader('ratelimit-remaining', remaining);
  response.setHeader('ratelimit-reset', resetSeconds);
}
