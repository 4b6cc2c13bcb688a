import { isAbsolute, normalize } from 'node:path';

import type { CameraKind } from '#server/contracts/camera.ts';
import type { RejectCode, RejectReason } from '#server/contracts/feeds.ts';
import { AppError } from '#server/platform/app-error.ts';

export interface CheckedAddress {
  /** With its credentials: to be sealed. */
  address: string;
  /** Without user, password and query: may be shown. */
  hint: string;
  hasCredentials: boolean;
}

/** Schemes each kind is read by. What they resolve to is checked by ingest, at each connection. */
const schemes: Partial<Record<CameraKind, readonly string[]>> = {
  rtsp: ['rtsp:', 'rtsps:'],
  hls: ['http:', 'https:'],
  mpegts: ['http:', 'https:', 'tcp:', 'udp:'],
  srt: ['srt:'],
  snapshot: ['http:', 'https:'],
  mjpeg: ['http:', 'https:'],
};

/** What is wrong with an address, in the words of a contract that screens know. */
type AddressReason = Extract<RejectCode, 'NO_ADDRESS' | `ADDRESS_${string}`>;

function refuse(reason: AddressReason, message: string, about: string | null = null): never {
  throw new AddressRefused(message, { code: reason, about });
}

export class AddressRefused extends AppError {
  readonly reason: RejectReason;
  constructor(message: string, reason: RejectReason) {
    super('BAD_REQUEST', { message, details: { field: 'address', fault: 'ADDRESS_INVALID' } });
    this.reason = reason;
  }
}

/** Null for kinds that have no address. Throws BAD_REQUEST; its message never repeats the address, which may hold a password. */
export function checkAddress(kind: CameraKind, address: string | undefined): CheckedAddress | null {
  if (kind === 'synthetic') return null;
  const given = address?.trim() ?? '';
  if (given === '') refuse('NO_ADDRESS', `a camera of kind ${kind} needs an address`);
  if (hasControlSigns(given)) refuse('ADDRESS_INVALID', 'the address holds control signs');
  if (kind === 'file') return checkPath(given);
  const allowed = schemes[kind] ?? [];
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    return refuse(
      'ADDRESS_INVALID',
      'the address is not a URL: signs like @ / # in a password are written as %40 %2F %23',
    );
  }
  if (!allowed.includes(url.protocol))
    refuse('ADDRESS_SCHEME', `a camera of kind ${kind} is read by ${allowed.join(' ')}`, allowed.join(' '));
  if (url.hostname === '') refuse('ADDRESS_INVALID', 'the address names no host');
  const hasCredentials = url.username !== '' || url.password !== '';
  return { address: url.href, hint: hintOf(url.href) ?? '', hasCredentials };
}

/** An address without user, password and query, to be shown. */
export function hintOf(address: string): string | null {
  const url = URL.parse(address);
  if (!url) return null;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}

function checkPath(path: string): CheckedAddress {
  if (path.includes('://')) refuse('ADDRESS_PATH', 'a file is named by its path, not by a URL');
  const plain = normalize(path);
  if (!isAbsolute(plain) && plain.startsWith('..'))
    refuse('ADDRESS_PATH', 'a relative path stays inside the installation; give the whole path');
  return { address: plain, hint: plain, hasCredentials: false };
}

function hasControlSigns(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
