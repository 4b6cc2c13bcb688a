import { createHash, randomBytes } from 'node:crypto';

export const recoveryCodeCount = 10;
/** Crockford's 32 letters: none is taken for another. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 16;
const isCode = new RegExp(`^[${letters}]{${length}}$`);

/** `7K2M-…`, 80 bits: too many to try against a hash that got out. */
export function makeRecoveryCode(): string {
  const code = [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join('');
  return (code.match(/.{4}/g) ?? []).join('-');
}

/** As people type it: any case, with or without dashes and spaces, `o` for zero, `i` and `l` for one. Null: no recovery code at all. */
export function readRecoveryCode(typed: string): string | null {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return isCode.test(code) ? code : null;
}

/** Bound to its person, so that a row can't be moved to another. */
export function hashRecoveryCode(userId: string, code: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    createHash('sha256')
      .update(`recovery ${userId} ${readRecoveryCode(code)}`)
      .digest(),
  );
}
