import { limits, type LimitName } from './limits.ts';

/** Networks that one process counts apart under one limit; who comes beyond shares a count with neighbours, so that addresses can not fill the memory. */
const networksMax = 100_000;
const sharedBuckets = 256;

/**
 * Who is counted apart. A network is remembered as long as its count lives, an hour for mail and a minute for requests, and each limit has its own: else
 * who is forgotten would come back under another count, and a flood at one door would crowd the others.
 */
export class SeenClients {
  /** When each may be forgotten, the soonest first: under one limit all live equally long. */
  readonly #untilMs = new Map<LimitName, Map<string, number>>();

  /** The name that a client's count has. Only networks are without number. */
  countedAs(name: LimitName, client: string, nowMs: number): string {
    if (!client.startsWith('ip:')) return client;
    let seen = this.#untilMs.get(name);
    if (!seen) {
      seen = new Map();
      this.#untilMs.set(name, seen);
    }
    const until = seen.get(client);
    if (until !== undefined && until > nowMs) return client;
    seen.delete(client);
    for (const [oldest, over] of seen) {
      if (over > nowMs) break;
      seen.delete(oldest);
    }
    if (seen.size >= networksMax) return `crowd:${bucketOf(client)}`;
    seen.set(client, nowMs + limits[name].seconds * 1000);
    return client;
  }
}

function bucketOf(client: string): number {
  let sum = 0;
  for (const letter of client) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % sharedBuckets;
}
