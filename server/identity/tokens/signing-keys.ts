import {
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
  type CryptoKey,
  type JWK,
} from 'jose';
import { z } from 'zod';

import { AppError } from '#server/platform/app-error.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Sealer } from '#server/platform/sealed.ts';
import { inTransaction, type Database } from '#server/platform/transaction.ts';

import * as store from './store.ts';

export const signingAlgorithm = 'RS256';
const rotateAfterMs = 30 * 86_400_000;
/** The longest that an access token may last by the settings, and a little: no retired key is missed. */
const verifiesAfterRetiringMs = 86_400_000 + 300_000;
const readAgainMs = 300_000;
/** A key id that nobody knows makes us look, but not as often as somebody sends one. */
const lookAgainMs = 1000;

const publicJwk = z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() });

interface Options {
  database: Database;
  sealer: Sealer;
  log: Logger;
  now: () => Date;
}

interface Known {
  /** Null where the sealed half can't be opened: it verifies, and signs nothing. */
  signing: { kid: string; key: CryptoKey; createdAt: Date } | null;
  verifying: ReadonlyMap<string, CryptoKey | Uint8Array>;
  jwks: { keys: JWK[] };
  readAtMs: number;
}

/** The key pairs that sign access tokens. A new one signs, those before it verify until their last token is over. */
export class SigningKeys {
  readonly #options: Options;
  #known: Promise<Known> | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The one that signs; a month old, it is followed by the next. */
  async current(): Promise<{ kid: string; key: CryptoKey }> {
    const { signing } = await this.#read(readAgainMs);
    const nowMs = this.#options.now().getTime();
    if (signing && nowMs - signing.createdAt.getTime() < rotateAfterMs) return signing;
    await this.#replace(signing?.kid ?? null);
    const { signing: made } = await this.#read(0);
    if (!made) throw new AppError('INTERNAL', { message: 'there is no key to sign with' });
    return made;
  }

  /** Null where no key of ours has this id. */
  async verifying(kid: string): Promise<CryptoKey | Uint8Array | null> {
    const { verifying } = await this.#read(readAgainMs);
    // Another process may have made one meanwhile.
    return verifying.get(kid) ?? (await this.#read(lookAgainMs)).verifying.get(kid) ?? null;
  }

  /** RFC 7517, for whoever checks our tokens without asking. */
  async jwks(): Promise<{ keys: JWK[] }> {
    await this.current();
    return (await this.#read(readAgainMs)).jwks;
  }

  /** The next key signs from now on; nobody is signed out. Returns its id. */
  async rotate(): Promise<string> {
    const { signing } = await this.#read(0);
    await this.#replace(signing?.kid ?? null);
    return (await this.current()).kid;
  }

  /** Unless another process put one in the place of `kid` already. */
  async #replace(kid: string | null): Promise<void> {
    const { database, sealer, log, now } = this.#options;
    // Takes a moment, and is not done inside the lock.
    const next = await makeKeyPair();
    const isMade = await inTransaction(database, async (rows) => {
      await store.lockSigningKeys(rows);
      const newest = (await store.listSigningKeys(rows)).find((row) => row.retiredAt === null);
      if (newest && newest.kid !== kid && this.#canSign(newest)) return false;
      await store.retireSigningKeys(rows, now());
      await store.dropSigningKeys(rows, new Date(now().getTime() - verifiesAfterRetiringMs));
      await store.insertSigningKey(rows, {
        kid: next.kid,
        publicJwk: next.publicJwk,
        sealedPrivate: sealer.seal(next.pkcs8, belongsTo(next.kid)),
        createdAt: now(),
      });
      return true;
    });
    if (isMade) log.info({ action: 'signingKey.made', kid: next.kid }, 'a new key signs access tokens');
    this.#known = null;
  }

  #canSign(row: store.SigningKeyRow): boolean {
    return this.#open(row) !== null;
  }

  #open(row: store.SigningKeyRow): string | null {
    const { sealer, log } = this.#options;
    try {
      return sealer.open(row.sealedPrivate, belongsTo(row.kid));
    } catch (error) {
      log.warn(
        { action: 'signingKey.sealed', kid: row.kid, error },
        'a signing key was sealed by another key of the house',
      );
      return null;
    }
  }

  async #read(notOlderThanMs: number): Promise<Known> {
    const known = await this.#known;
    const nowMs = this.#options.now().getTime();
    if (known && nowMs - known.readAtMs < notOlderThanMs) return known;
    const reading = this.#readRows(nowMs);
    this.#known = reading;
    try {
      return await reading;
    } catch (error) {
      if (this.#known === reading) this.#known = null;
      throw error;
    }
  }

  async #readRows(nowMs: number): Promise<Known> {
    const verifiesSince = new Date(nowMs - verifiesAfterRetiringMs);
    const all = await store.listSigningKeys(this.#options.database);
    const rows = all.filter((row) => row.retiredAt === null || row.retiredAt > verifiesSince);
    const jwks = rows.map((row) => ({ ...jwkOf(row), kid: row.kid, use: 'sig', alg: signingAlgorithm }));
    const imported = await Promise.all(
      jwks.map(async (jwk) => [jwk.kid, await importJWK(jwk, signingAlgorithm)] as const),
    );
    const newest = rows.find((row) => row.retiredAt === null);
    const pkcs8 = newest ? this.#open(newest) : null;
    return {
      signing:
        newest && pkcs8 !== null
          ? { kid: newest.kid, key: await importPKCS8(pkcs8, signingAlgorithm), createdAt: newest.createdAt }
          : null,
      verifying: new Map(imported),
      jwks: { keys: jwks },
      readAtMs: nowMs,
    };
  }
}

async function makeKeyPair() {
  const pair = await generateKeyPair(signingAlgorithm, { modulusLength: 2048, extractable: true });
  const jwk = publicJwk.parse(await exportJWK(pair.publicKey));
  return { kid: await calculateJwkThumbprint(jwk), publicJwk: jwk, pkcs8: await exportPKCS8(pair.privateKey) };
}

function jwkOf(row: store.SigningKeyRow) {
  return publicJwk.parse(row.publicJwk);
}

function belongsTo(kid: string): string {
  return `signing key ${kid}`;
}
