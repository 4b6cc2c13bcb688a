import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

import type { Hash } from './store.ts';

const prefixAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const keyForm = /^(sns_[a-z0-9]{8})_([0-9a-f]{48})$/;

/** A new API key: `sns_`, eight characters to find it by, 192 bits that are the secret. */
export function makeKey(): { prefix: string; secret: string; hash: Hash } {
  const name = Array.from({ length: 8 }, () => prefixAlphabet[randomInt(prefixAlphabet.length)]).join('');
  const prefix = `sns_${name}`;
  const tail = randomBytes(24).toString('hex');
  return { prefix, secret: `${prefix}_${tail}`, hash: sha256(tail) };
}

/** Null where it has not the form of a key. */
export function readKey(given: string): { prefix: string; hash: Hash } | null {
  const [, prefix, tail] = keyForm.exec(given) ?? [];
  return prefix !== undefined && tail !== undefined ? { prefix, hash: sha256(tail) } : null;
}

/** A secret of 256 bits whose beginning says what it is, for people and for scanners: `snr_` refreshes, `snw_` opens a WebSocket. */
export function makeSecret(kind: 'snr' | 'snw'): string {
  return `${kind}_${randomBytes(32).toString('base64url')}`;
}

/** Secrets of this length need no slow hash: nobody guesses them. */
export function sha256(text: string): Hash {
  return Uint8Array.from(createHash('sha256').update(text).digest());
}

export function isSameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
