import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { Actor } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import type { Database } from '#server/platform/transaction.ts';

import * as store from './store.ts';

const keepMs = 24 * 3_600_000;
/** A process that died with the request in hand does not hold its key for longer. */
const inFlightMsMax = 120_000;
const purgeEveryMs = 600_000;
/** Answers to writes are small; a larger one is remembered as given, without its text. */
const bodyBytesMax = 65_536;
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
  #purgedAt = 0;

  constructor(options: { database: Database; sealer: Sealer; now?: () => Date }) {
    this.#database = options.database;
    this.#sealer = options.sealer;
    this.#now = options.now ?? (() => new Date());
  }

  /** Runs `work` once for a key of a caller; a repetition is given what came of it. What failed is not kept: it may be tried again. */
  async once(asked: Asked, work: () => Promise<Answer>): Promise<Answer & { replayed: boolean }> {
    if (!keyPattern.test(asked.key))
      throw new AppError('BAD_REQUEST', { message: 'an Idempotency-Key has 1 to 255 printable ASCII characters' });
    const keyHash = digest(whoOf(asked), asked.path, asked.key);
    const requestHash = digest(asked.body);
    await this.#purge();
    const createdAt = await this.#take({ keyHash, requestHash });
    if (createdAt === null) return this.#replay(keyHash, requestHash);
    let answer: Answer;
    try {
      answer = await work();
    } catch (error) {
      await store.release(this.#database, { keyHash, createdAt });
      throw error;
    }
    await store.keep(this.#database, {
      keyHash,
      createdAt,
      status: answer.status,
      body: this.#seal(keyHash, answer.body),
    });
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

function belongsTo(keyHash: Bytes): string {
  return `idempotent answer ${Buffer.from(keyHash).toString('hex')}`;
}

function digest(...parts: readonly string[]): Bytes {
  return Uint8Array.from(createHash('sha256').update(JSON.stringify(parts)).digest());
}
