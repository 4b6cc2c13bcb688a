import { randomBytes } from 'node:crypto';

import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';

import { AppError } from '#server/platform/app-error.ts';

import listFile from '../../assets/passwords/common.json' with { type: 'json' };
import { HashingTurns } from './hashing-turns.ts';

/** argon2id as OWASP advises: 19 MiB, two passes, one lane. */
const hashing = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Parts of a name shorter than this are in too many words. */
const ownWordLengthMin = 3;

const turns = new HashingTurns();
let decoy: Promise<string> | null = null;
let commonOnes: ReadonlySet<string> | null = null;

export function hashPassword(password: string): Promise<string> {
  return turns.take(() => hash(password, hashing));
}

/** Whether `given` is the password behind `passwordHash`. Null (nobody, or no password) takes as long, and is false. */
export async function verifyPassword(passwordHash: string | null, given: string): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(18).toString('base64url'));
  const known = passwordHash ?? (await decoy);
  const matches = await turns.take(() => verify(known, given));
  return matches && passwordHash !== null;
}

/**
 * Refuses what is tried first: the commonest passwords, and those made of the person's own words (`own`: e-mail, name, user name) or the house's
 * name with digits and punctuation around. No composition rules (NIST SP 800-63B-4 §3.1.1.2).
 */
export function assertNotCommon(password: string, own: readonly string[]): void {
  if (isCommon(password)) throw refused('common');
  if (isOfOwnWords(password, own)) throw refused('ownWords');
}

function isCommon(password: string): boolean {
  commonOnes ??= new Set(z.array(z.string()).parse(listFile.passwords));
  return commonOnes.has(folded(password).trim());
}

function isOfOwnWords(password: string, own: readonly string[]): boolean {
  const given = folded(password);
  const wholes = own.map(folded).filter((word) => word.length >= ownWordLengthMin);
  const parts = ['sensorium', ...wholes.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u))];
  const words = [...new Set([...wholes, ...parts])]
    .filter((word) => word.length >= ownWordLengthMin && /\p{L}/u.test(word))
    .toSorted((a, b) => b.length - a.length);
  let rest = given;
  for (const word of words) rest = rest.replaceAll(word, '');
  return rest !== given && !/\p{L}/u.test(rest);
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function refused(reason: 'common' | 'ownWords'): AppError {
  const message = reason === 'common' ? 'this password is among the commonest' : 'this password is made of own words';
  return new AppError('BAD_REQUEST', { message, details: { reason, fields: [{ path: 'password', message }] } });
}
