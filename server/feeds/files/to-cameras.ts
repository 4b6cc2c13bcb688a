import { createHash } from 'node:crypto';

import type { CameraInput } from '#server/contracts/camera.ts';
import { importedCamera, type ImportedCamera, type RejectedRow } from '#server/contracts/feeds.ts';

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
  addressFault: (camera: Pick<CameraInput, 'kind' | 'address'>) => string | null,
): FileCameras {
  const found: FileCameras = { cameras: [], rejected: [...table.rejected] };
  const seen = new Seen();
  for (const row of table.rows) {
    const camera = toCamera(row, mapping);
    const fault = typeof camera === 'string' ? camera : addressFault(camera);
    if (typeof camera === 'string' || fault !== null) {
      found.rejected.push({ row: row.row, reason: fault ?? '' });
      continue;
    }
    const taken = seen.take(camera, row.row);
    if ('sameAs' in taken) found.rejected.push({ row: row.row, reason: `it is the same camera as ${taken.sameAs}` });
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

function toCamera({ fields }: TableRow, mapping: Mapping): ImportedCamera | string {
  const text = (field: keyof Mapping) => fieldOf(fields, mapping[field]);
  const address = text('address');
  if (address === '') return mapping.address === null ? 'no column means the address' : 'it has no address';
  const position = positionOf(fields, mapping);
  if (typeof position === 'string') return position;
  const kind = guessKind(text('kind'), address);
  if (kind === null) return 'its kind can not be told from its address: give a column with rtsp, hls, snapshot, mjpeg…';
  if (kind === 'synthetic') return 'drawn cameras are not taken from files';
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
  return `its ${issue?.path.join('.') ?? 'row'} can not be taken: ${issue?.message ?? ''}`;
}

function positionOf(fields: TableRow['fields'], mapping: Mapping): { latitude: number; longitude: number } | string {
  const [south, east] = [fieldOf(fields, mapping.latitude), fieldOf(fields, mapping.longitude)];
  const both = fieldOf(fields, mapping.coordinates);
  if ((south === '' || east === '') && both === '') return 'it has no position: map columns to latitude and longitude';
  const [latitude, longitude] =
    south !== '' && east !== '' ? [degreesOf(south), degreesOf(east)] : (pairOf(both) ?? []);
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return 'its position can not be read';
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
    return `its position ${latitude}, ${longitude} is nowhere on earth: latitude and longitude may be swapped`;
  if (latitude === 0 && longitude === 0) return 'its position is 0, 0';
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
