import type { ImportedCamera, RejectCode, RejectReason } from '#server/contracts/feeds.ts';

import type { FeedRules, Parsed } from './feed.ts';

/** A row as a provider wrote it: nothing of it is believed yet. */
export interface Row {
  id: unknown;
  name: string | null | undefined;
  place?: string | null | undefined;
  latitude: unknown;
  longitude: unknown;
  bearing?: number | null;
  picture: unknown;
  /** An HLS playlist, where there is one. */
  stream?: string | null;
  intervalSeconds?: number;
  /** Its operator says that it does not work at the moment. */
  faulty?: boolean;
}

const because = (code: RejectCode, about: string | null = null): RejectReason => ({ code, about });

const nameLengthMax = 120;
const idShape = /^[\w.:-]{1,100}$/;

/** Gathers the rows of a list that keep to the feed's rules, and says of each other one why not. */
export class ListedCameras {
  readonly #rules: FeedRules;
  readonly #cameras: ImportedCamera[] = [];
  readonly #rejected: Parsed['rejected'] = [];
  readonly #seen = new Set<string>();

  constructor(rules: FeedRules) {
    this.#rules = rules;
  }

  /** `label` finds the row again in the document. */
  add(label: string, row: Row): void {
    const found = this.#read(row);
    if ('code' in found) this.reject(label, found.code, found.about);
    else {
      this.#seen.add(found.origin);
      this.#cameras.push(found);
    }
  }

  reject(label: string, code: RejectCode, about: string | null = null): void {
    this.#rejected.push({ row: label.slice(0, 200), code, about });
  }

  result(): Parsed {
    return { cameras: this.#cameras, rejected: this.#rejected };
  }

  #read(row: Row): ImportedCamera | RejectReason {
    const id = typeof row.id === 'number' ? String(row.id) : row.id;
    if (typeof id !== 'string' || id.trim() === '') return because('NO_ID');
    if (!idShape.test(id)) return because('ID_INVALID');
    const origin = `${this.#rules.id}:${id}`;
    if (this.#seen.has(origin)) return because('ID_TWICE', id);
    const position = this.#position(row);
    if ('code' in position) return position;
    const picture = this.#address(row.picture);
    const stream = row.stream ? this.#address(row.stream) : null;
    if ('code' in picture && !stream) return picture;
    if (stream && 'code' in stream) return stream;
    const interval = Math.max(row.intervalSeconds ?? 0, this.#rules.refreshSeconds);
    return {
      origin,
      name: shortened(row.name ?? '') || id,
      place: shortened(row.place ?? '') || null,
      ...position,
      bearing: row.bearing ?? null,
      kind: stream ? 'hls' : 'snapshot',
      address: stream ? stream.address : 'address' in picture ? picture.address : '',
      options: stream
        ? 'address' in picture
          ? { stillUrl: picture.address }
          : {}
        : { intervalSeconds: Math.min(interval, 3600) },
      faulty: row.faulty ?? false,
    };
  }

  #position(row: Row): { latitude: number; longitude: number } | RejectReason {
    const [latitude, longitude] = [numberOf(row.latitude), numberOf(row.longitude)];
    if (latitude === null || longitude === null) return because('NO_POSITION');
    if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return because('POSITION_UNREADABLE');
    if (latitude === 0 && longitude === 0) return because('POSITION_ZERO');
    const [west, south, east, north] = this.#rules.bounds;
    const across = west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
    if (!across || latitude < south || latitude > north || Math.abs(longitude) > 180)
      return because('POSITION_OUTSIDE', `${latitude}, ${longitude}`);
    return { latitude, longitude };
  }

  #address(given: unknown): { address: string } | RejectReason {
    if (typeof given !== 'string' || given.trim() === '') return because('NO_ADDRESS');
    const url = URL.parse(given.trim());
    if (!url) return because('ADDRESS_INVALID');
    if (url.protocol === 'http:') url.protocol = 'https:';
    if (url.protocol !== 'https:') return because('ADDRESS_SCHEME', 'https:');
    if (url.username !== '' || url.password !== '') return because('ADDRESS_CREDENTIALS');
    const place = `${url.host}${url.pathname}`;
    const known = this.#rules.hosts.some((host) => (host.includes('/') ? place.startsWith(host) : url.host === host));
    return known ? { address: url.href } : because('ADDRESS_HOST', url.host);
  }
}

/** Numbers also where they were written as text; null where nothing was written. */
function numberOf(given: unknown): number | null {
  if (typeof given === 'number') return given;
  if (typeof given !== 'string' || given.trim() === '') return null;
  return Number(given.trim().replace(',', '.'));
}

function shortened(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.length <= nameLengthMax ? plain : `${plain.slice(0, nameLengthMax - 1).trimEnd()}…`;
}
