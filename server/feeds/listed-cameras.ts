import type { ImportedCamera } from '#server/contracts/feeds.ts';

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
    if (typeof found === 'string') this.reject(label, found);
    else {
      this.#seen.add(found.origin);
      this.#cameras.push(found);
    }
  }

  reject(label: string, reason: string): void {
    this.#rejected.push({ row: label.slice(0, 200), reason });
  }

  result(): Parsed {
    return { cameras: this.#cameras, rejected: this.#rejected };
  }

  #read(row: Row): ImportedCamera | string {
    const id = typeof row.id === 'number' ? String(row.id) : row.id;
    if (typeof id !== 'string' || id.trim() === '') return 'it has no id';
    if (!idShape.test(id)) return 'its id holds signs that no id has';
    const origin = `${this.#rules.id}:${id}`;
    if (this.#seen.has(origin)) return `its id ${id} was listed before`;
    const position = this.#position(row);
    if (typeof position === 'string') return position;
    const picture = this.#address(row.picture, 'picture');
    const stream = row.stream ? this.#address(row.stream, 'stream') : null;
    if ('fault' in picture && !stream) return picture.fault;
    if (stream && 'fault' in stream) return stream.fault;
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

  #position(row: Row): { latitude: number; longitude: number } | string {
    const [latitude, longitude] = [numberOf(row.latitude), numberOf(row.longitude)];
    if (latitude === null || longitude === null) return 'it has no position';
    if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return 'its position is not a number';
    if (latitude === 0 && longitude === 0) return 'its position is 0, 0';
    const [west, south, east, north] = this.#rules.bounds;
    const across = west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
    if (!across || latitude < south || latitude > north || Math.abs(longitude) > 180)
      return `its position ${latitude}, ${longitude} lies outside of the feed's region`;
    return { latitude, longitude };
  }

  #address(given: unknown, what: string): { address: string } | { fault: string } {
    if (typeof given !== 'string' || given.trim() === '') return { fault: `it has no ${what} address` };
    const url = URL.parse(given.trim());
    if (!url) return { fault: `its ${what} address can not be read` };
    if (url.protocol === 'http:') url.protocol = 'https:';
    if (url.protocol !== 'https:') return { fault: `its ${what} is not on the web (${url.protocol})` };
    if (url.username !== '' || url.password !== '') return { fault: `its ${what} address holds credentials` };
    const place = `${url.host}${url.pathname}`;
    const known = this.#rules.hosts.some((host) => (host.includes('/') ? place.startsWith(host) : url.host === host));
    return known ? { address: url.href } : { fault: `its ${what} is on a foreign host (${url.host})` };
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
