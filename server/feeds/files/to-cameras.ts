import { createHash } from 'node:crypto';

import type { CameraInput } from '#server/contracts/camera.ts';
import {
  importedCamera,
  type ImportedCamera,
  type RejectCode,
  type RejectedRow,
  type RejectReason,
} from '#server/contracts/feeds.ts';

import { bearingOf } from '../compass.ts';
import { degreesOf, pairOf } from './degrees.ts';
import { guessKind } from './guess-kind.ts';
import { fieldOf, type Mapping } from './mapping.ts';
import type { Table, TableRow } from './table.ts';

export interface FileCamera {
  row: string;
  camera: ImportedCamera;
}

export interface FileCameras {
  cameras: FileCamera[];
  rejected: RejectedRow[];
}

/** What each row means; `addressFault` knows what the house can read. */
export function toCameras(
  table: Table,
  mapping: Mapping,
  addressFault: (camera: Pick<CameraInput, 'kind' | 'address'>) => RejectReason | null,
): FileCameras {
  const found: FileCameras = { cameras: [], rejected: [...table.rejected] };
  const seen = new Seen();
  for (const row of table.rows) {
    const camera = toCamera(row, mapping);
    const fault = 'code' in camera ? camera : addressFault(camera);
    if ('code' in camera || fault !== null) {
      if (fault) found.rejected.push({ row: row.row, ...fault });
      continue;
    }
    const taken = seen.take(camera, row.row);
    if ('sameAs' in taken) found.rejected.push({ row: row.row, code: 'SAME_AS', about: taken.sameAs });
    else found.cameras.push({ row: row.row, camera: { ...camera, origin: taken.origin } });
  }
  return found;
}

/** Channels of one recorder may differ in the query alone, which no origin holds: they are counted in the order of the file. */
class Seen {
  readonly #rows = new Map<string, { row: string; address: string | undefined }[]>();

  take({ origin, address }: ImportedCamera, row: string): { origin: string } | { sameAs: string } {
    const alike = this.#rows.get(origin) ?? [];
    const same = alike.find((other) => other.address === address);
    if (same) return { sameAs: same.row };
    this.#rows.set(origin, [...alike, { row, address }]);
    return { origin: alike.length === 0 ? origin : `${origin}:${alike.length + 1}` };
  }
}

const because = (code: RejectCode, about: string | null = null): RejectReason => ({ code, about });

function toCamera({ fields }: TableRow, mapping: Mapping): ImportedCamera | RejectReason {
  const text = (field: keyof Mapping) => fieldOf(fields, mapping[field]);
  const address = text('address');
  if (address === '') return because(mapping.address === null ? 'NO_ADDRESS_COLUMN' : 'NO_ADDRESS');
  const position = positionOf(fields, mapping);
  if ('code' in position) return position;
  const kind = guessKind(text('kind'), address);
  if (kind === null) return because('KIND_UNKNOWN');
  if (kind === 'synthetic') return because('DRAWN');
  const bearing = bearingIn(text('bearing'));
  const name = text('name') || text('nameJa') || hostOf(address);
  const parsed = importedCamera.safeParse({
    origin: originOf({ id: text('id'), name, kind, address, ...position }),
    name,
    nameJa: text('nameJa') || null,
    place: text('place') || null,
    placeJa: text('placeJa') || null,
    ...position,
    bearing,
    kind,
    address,
    licence: text('licence') || null,
    attribution: text('attribution') || null,
    attributionUrl: text('attributionUrl') || null,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return because('FIELD', issue?.path.join('.') ?? null);
}

function positionOf(
  fields: TableRow['fields'],
  mapping: Mapping,
): { latitude: number; longitude: number } | RejectReason {
  const [south, east] = [fieldOf(fields, mapping.latitude), fieldOf(fields, mapping.longitude)];
  const both = fieldOf(fields, mapping.coordinates);
  if ((south === '' || east === '') && both === '') return because('NO_POSITION');
  const [latitude, longitude] =
    south !== '' && east !== '' ? [degreesOf(south), degreesOf(east)] : (pairOf(both) ?? []);
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return because('POSITION_UNREADABLE');
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
    return because('POSITION_NOWHERE', `${latitude}, ${longitude}`);
  if (latitude === 0 && longitude === 0) return because('POSITION_ZERO');
  return { latitude, longitude };
}

/** Null also for what is neither degrees nor a direction: that is no reason to leave a camera out. */
function bearingIn(text: string): number | null {
  const degrees = text === '' ? Number.NaN : Number(text.replace(/°$/, ''));
  if (Number.isFinite(degrees)) return degrees >= 0 && degrees <= 360 ? degrees : null;
  return bearingOf(text);
}

function hostOf(address: string): string {
  return URL.parse(address)?.hostname ?? '';
}

/** The same row at the next reading of a file; a digest because an address may hold a password, which is left out of it. */
function originOf(camera: {
  id: string;
  name: string;
  kind: string;
  address: string;
  latitude: number;
  longitude: number;
}) {
  const { id, name, kind, address, latitude, longitude } = camera;
  const url = URL.parse(address);
  const place = url ? `${url.protocol}//${url.host}${url.pathname}` : address;
  const text = JSON.stringify(id === '' ? [name, kind, place, latitude, longitude] : [id, place]);
  return `file:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
