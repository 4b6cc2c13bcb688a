import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** version u8 | nonce 12 | ciphertext | tag 16 */
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** Seals small secrets for the database: AES-256-GCM, bound to what they belong to so that a row's secret can't be moved to another row. */
export interface Sealer {
  seal: (plain: string, belongsTo: string) => Uint8Array<ArrayBuffer>;
  open: (sealed: Uint8Array, belongsTo: string) => string;
}

export function createSealer(secret: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'sensorium sealed address v1', 32));
  return {
    seal(plain, belongsTo) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(belongsTo));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Uint8Array.from(Buffer.concat([Buffer.of(version), nonce, body, cipher.getAuthTag()]));
    },
    open(sealed, belongsTo) {
      const bytes = Buffer.from(sealed);
      if (bytes[0] !== version || bytes.length < 1 + nonceBytes + tagBytes)
        throw new Error('a sealed value is damaged');
      const nonce = bytes.subarray(1, 1 + nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(belongsTo));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      const body = bytes.subarray(1 + nonceBytes, -tagBytes);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}
