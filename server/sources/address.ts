import { isAbsolute, normalize } from 'node:path';

import type { CameraKind } from '#server/contracts/camera.ts';
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

function refuse(message: string): never {
  throw new AppError('BAD_REQUEST', { message, details: { field: 'address', fault: 'ADDRESS_INVALID' } });
}

/** Null for kinds that have no address. Throws BAD_REQUEST; its message never repeats the address, which may hold a password. */
export function checkAddress(kind: CameraKind, address: string | undefined): CheckedAddress | null {
  if (kind === 'synthetic') return null;
  const given = address?.trim() ?? '';
  if (given === '') refuse(`a camera of kind ${kind} needs an address`);
  if (hasControlSigns(given)) refuse('the address holds control signs');
  if (kind === 'file') return checkPath(given);
  const allowed = schemes[kind] ?? [];
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    return refuse('the address is not a URL: signs like @ / # in a password are written as %40 %2F %23');
  }
  if (!allowed.includes(url.protocol)) refuse(`a camera of kind ${kind} is read by ${allowed.join(' ')}`);
  if (url.hostname === '') refuse('the address names no host');
  const hasCredentials = url.username !== '' || url.password !== '';
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.search = '';
  shown.hash = '';
  return { address: url.href, hint: shown.href, hasCredentials };
}

function checkPath(path: string): CheckedAddress {
  if (path.includes('://')) refuse('a file is named by its path, not by a URL');
  const plain = normalize(path);
  if (!isAbsolute(plain) && plain.startsWith('..'))
    refuse('a relative path stays inside the installation; give the whole path');
  return { address: plain, hint: plain, hasCredentials: false };
}

function hasControlSigns(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
