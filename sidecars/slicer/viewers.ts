import type { IncomingMessage } from 'node:http';

import type { LiveStream } from './stream.ts';

/** A player asks for its playlist at least this often while it plays. */
const seenMs = 10_000;
const keysMax = 20_000;
/** Both are the client's word: an IPv6 address takes 45, and what tells programs apart stands in front. */
const addressLengthMax = 64;
const userAgentLengthMax = 200;

/** Who looks at which stream: clients that asked for a playlist lately, told apart by address and program. */
export class Viewers {
  readonly #seen = new Map<string, Map<string, number>>();

  seen(stream: LiveStream, request: IncomingMessage): void {
    let clients = this.#seen.get(stream.id);
    if (!clients) {
      clients = new Map();
      this.#seen.set(stream.id, clients);
    }
    const { headers } = request;
    const address = headers['x-forwarded-for'];
    const from = typeof address === 'string' ? address : (request.socket.remoteAddress ?? '');
    const program = headers['user-agent'] ?? '';
    const key = `${from.slice(0, addressLengthMax)} ${program.slice(0, userAgentLengthMax)}`;
    if (clients.size < keysMax) clients.set(key, performance.now());
  }

  /** Several players behind one address are seen by the requests they have open. */
  count(stream: LiveStream): number {
    const clients = this.#seen.get(stream.id);
    return Math.max(clients?.size ?? 0, stream.waiters.count) + stream.tails;
  }

  /** Forgets who has not come again. */
  expire(): void {
    const before = performance.now() - seenMs;
    for (const [id, clients] of this.#seen) {
      for (const [key, at] of clients) if (at < before) clients.delete(key);
      if (clients.size === 0) this.#seen.delete(id);
    }
  }
}
