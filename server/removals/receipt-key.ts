import { createHmac, timingSafeEqual } from 'node:crypto';

/** 144 bits: nobody guesses them, and the address stays short. */
const keyLength = 24;

/** Opens the page of one request to whoever sent it. Derived, so that nothing need be kept of it. */
export function receiptKey(id: string, secret: string): string {
  return createHmac('sha256', secret).update(`removal request ${id}`).digest('base64url').slice(0, keyLength);
}

export function isReceiptKey(key: string, id: string, secret: string): boolean {
  const [given, right] = [Buffer.from(key), Buffer.from(receiptKey(id, secret))];
  return given.length === right.length && timingSafeEqual(given, right);
}
