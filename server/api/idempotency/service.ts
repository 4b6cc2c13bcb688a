import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { Actor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { clientNetwork } from '#server/platform/client-network.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import type { Database } from '#server/platform/transaction.ts';

import * as store from './store.ts';

const keepMs = 24 * 3_600_000;
/** A process that died with the request in hand does not hold its key for longer. */
const inFlightMsMax = 120_000;
const purgeEveryMs = 600_000;
/** Answers to writes are small; a larger one is remembered as given, without its text. */
const bodyBytesMax = 65_536;
/** What is kept for one caller in that day: a loop with a new key for each request must not fill the disk. */
const answersMax = 10_000;
const bytesMax = 64 * 1_048_576;
/** Of those, for a network of people who are not signed in: there is no end of networks, and little that they may write. */
const strangersShare = 1 / 64;
/** So long a caller's sum is reckoned on from what the database said. */
const summedForMs = 60_000;
const callersMax = 5000;
const keyPattern = /^[\x21-\x7e]{1,255}$/;

export interface Answer {
  status: number;
  body: object | null;
}

interface Asked {
  key: string;
  actor: Actor;
  ip: string | null;
  path: string;
  /** As it came. */
  body: string;
}

const storedBody = z.object({ sealed: z.string() });

/** Answers to POST requests that name an Idempotency-Key, kept for a day so that a repetition does nothing twice. */
export class IdempotentAnswers {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #now: () => Date;
  readonly #bounds: { answers: number; bytes: number };
  /** By caller, in hexadecimal; the one that was asked for first goes first. */
  readonly #sums = new Map<string, { answers: number; bytes: number; until: number }>();
  #purgedAt = 0;

  constructor(options: {
    database: Database;
    sealer: Sealer;
    now?: () => Date;
    bounds?: { answers: number; bytes: number };
  }) {
    this.#bounds = options.bounds ?? { answers: answersMax, bytes: bytesMax };
    this.#database = options.database;
    this.#sealer = options.sealer;
    this.#now = options.now ?? (() => new Date());
  }

  /** Runs `work` once for a key of a caller; a repetition is given what came of it. What failed is not kept: it may be tried again. */
  async once(asked: Asked, work: () => Promise<Answer>): Promise<Answer & { replayed: boolean }> {
    if (!keyPattern.test(asked.key))
      throw new AppError('BAD_REQUEST', { message: 'an Idempotency-Key has 1 to 255 printable ASCII characters' });
    const caller = callerOf(asked);
    const keyHash = Uint8Array.from([...caller, ...half(digest(whoOf(asked), asked.path, asked.key))]);
    const requestHash = digest(asked.body);
    await this.#purge();
    const sum = await this.#sumOf(caller);
    const share = asked.actor.type === 'user' ? 1 : strangersShare;
    if (sum.answers >= share * this.#bounds.answers || sum.bytes >= share * this.#bounds.bytes) {
      // What was answered before is answered again.
      if (await store.find(this.#database, keyHash)) return this.#replay(keyHash, requestHash);
      throw tooManyKept();
    }
    const createdAt = await this.#take({ keyHash, requestHash });
    if (createdAt === null) return this.#replay(keyHash, requestHash);
    sum.answers += 1;
    let answer: Answer;
    try {
      answer = await work();
    } catch (error) {
      sum.answers -= 1;
      await store.release(this.#database, { keyHash, createdAt });
      throw error;
    }
    const body = this.#seal(keyHash, answer.body);
    sum.bytes += body?.sealed.length ?? 0;
    await store.keep(this.#database, { keyHash, createdAt, status: answer.status, body });
    return { ...answer, replayed: false };
  }

  /** When the key became this request's; null where another has it. */
  async #take(hashes: { keyHash: Bytes; requestHash: Bytes }): Promise<Date | null> {
    const now = this.#now();
    const row = { ...hashes, createdAt: now, expiresAt: new Date(now.getTime() + keepMs) };
    if (await store.take(this.#database, row)) return now;
    const held = await store.find(this.#database, hashes.keyHash);
    if (held) {
      const isAbandoned = held.status === null && now.getTime() - held.createdAt.getTime() > inFlightMsMax;
      if (held.expiresAt > now && !isAbandoned) return null;
      await store.release(this.#database, { keyHash: hashes.keyHash, createdAt: held.createdAt });
    }
    return (await store.take(this.#database, row)) ? now : null;
  }

  async #replay(keyHash: Bytes, requestHash: Bytes): Promise<Answer & { replayed: true }> {
    const held = await store.find(this.#database, keyHash);
    if (held && !Buffer.from(held.requestHash).equals(requestHash))
      throw new AppError('CONFLICT', {
        message: 'this Idempotency-Key was used with another body',
        details: { reason: 'idempotencyKeyReused' },
      });
    // Gone meanwhile: the other one failed, so the next try begins anew.
    if (!held || held.status === null)
      throw new AppError('CONFLICT', {
        message: 'a request with this Idempotency-Key is being answered',
        details: { reason: 'idempotencyKeyInUse', retryAfterSeconds: 1 },
      });
    if (held.status === 204) return { status: 204, body: null, replayed: true };
    const stored = storedBody.safeParse(held.body);
    if (!stored.success)
      throw new AppError('CONFLICT', {
        message: 'it was done, and its answer was too large to be kept',
        details: { reason: 'answerNotKept' },
      });
    const text = this.#sealer.open(Buffer.from(stored.data.sealed, 'base64'), belongsTo(keyHash));
    return { status: held.status, body: z.record(z.string(), z.unknown()).parse(JSON.parse(text)), replayed: true };
  }

  /** What is kept of a caller. Asked of the database once a minute, and reckoned on between. */
  async #sumOf(caller: Bytes): Promise<{ answers: number; bytes: number }> {
    const name = Buffer.from(caller).toString('hex');
    const now = this.#now();
    const known = this.#sums.get(name);
    if (known && known.until > now.getTime()) return known;
    const sum = { ...(await store.sumOf(this.#database, caller, now)), until: now.getTime() + summedForMs };
    this.#sums.delete(name);
    this.#sums.set(name, sum);
    for (const oldest of this.#sums.keys()) {
      if (this.#sums.size <= callersMax) break;
      this.#sums.delete(oldest);
    }
    return sum;
  }

  /** Answers can hold what is shown once (a key, a token): they are stored sealed. */
  #seal(keyHash: Bytes, body: object | null): { sealed: string } | null {
    const text = JSON.stringify(body);
    if (body === null || Buffer.byteLength(text) > bodyBytesMax) return null;
    return { sealed: Buffer.from(this.#sealer.seal(text, belongsTo(keyHash))).toString('base64') };
  }

  async #purge(): Promise<void> {
    const now = this.#now();
    if (now.getTime() - this.#purgedAt < purgeEveryMs) return;
    this.#purgedAt = now.getTime();
    await store.purge(this.#database, now);
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Whoever is not signed in is told apart by address alone: a key of one is never answered to another. */
function whoOf({ actor, ip }: Asked): string {
  if (actor.type === 'user') return `${actor.userId} ${actor.credential.kind} ${actor.credential.id}`;
  return actor.type === 'guest' ? `guest ${actor.guestId}` : `${actor.type} ${ip ?? ''}`;
}

/** For whom answers are counted together: the first half of what they are kept under. All keys of a person, all addresses of a home. */
function callerOf({ actor, ip }: Asked): Bytes {
  return half(digest(actor.type === 'user' ? actor.userId : `network ${ip === null ? '' : clientNetwork(ip)}`));
}

function half(hash: Bytes): Bytes {
  return hash.slice(0, 16);
}

function tooManyKept(): AppError {
  return new AppError('TOO_MANY_REQUESTS', {
    message:
      'too many answers are kept for you: send requests without an Idempotency-Key, or with those of before, until some are a day old',
    details: { reason: 'idempotencyKeysFull', retryAfterSeconds: summedForMs / 1000 },
  });
}

function belongsTo(keyHash: Bytes): string {
  return `idempotent answer ${Buffer.from(keyHash).toString('hex')}`;
}

function digest(...parts: readonly string[]): Bytes {
  return Uint8Array.from(createHash('sha256').update(JSON.stringify(parts)).digest());
}
