import type { IncomingMessage } from 'node:http';

import { AppError } from '#server/platform/app-error.ts';

import { proceduresOf } from './charges.ts';
import { canonicalPath, type Door } from './request-facts.ts';

/** Our longest address is a tRPC batch of 2,000 letters; Node takes 16 KiB of headers together. */
const urlLengthMax = 8192;
const batchMax = 50;
const kib = 1024;

/** What the body of a request may weigh, the first that fits. The doors count what comes without its length told. */
const bodies: readonly { door: Door; path: RegExp; bytesMax: number }[] = [
  { door: 'media', path: /^/, bytesMax: 0 },
  { door: 'metrics', path: /^/, bytesMax: 0 },
  // Sign-in and its like are forms.
  { door: 'web', path: /^/, bytesMax: 64 * kib },
  {
    door: 'api',
    path: /^\/(?:login$|signup$|password-reset$|api\/(?:v1\/)?auth\/|trpc\/(?:identity|auth|passkeys|playback)\.)/,
    bytesMax: 64 * kib,
  },
  // Whether somebody may send a file of this size, the door asks.
  { door: 'api', path: /^/, bytesMax: 64 * kib * kib },
];

export function bodyBytesMax(door: Door, written: string): number {
  const path = canonicalPath(written);
  return bodies.find((row) => row.door === door && row.path.test(path))?.bytesMax ?? 0;
}

/** Refuses what is out of all proportion before anything of it is read. */
export function checkBounds(request: IncomingMessage, door: Door, path: string): void {
  if ((request.url ?? '').length > urlLengthMax)
    throw new AppError('TOO_LARGE', { message: `an address has ${urlLengthMax} letters at most` });
  if (proceduresOf(path).length > batchMax)
    throw new AppError('BAD_REQUEST', { message: `a batch has ${batchMax} procedures at most` });
  const bytesMax = bodyBytesMax(door, path);
  if (Number(request.headers['content-length'] ?? 0) > bytesMax)
    throw new AppError('TOO_LARGE', { message: `the body is larger than ${bytesMax} bytes`, details: { bytesMax } });
}
