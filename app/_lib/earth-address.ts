import { cameraKinds, cameraStates } from '#server/contracts/camera-words.ts';
import { countryCodePattern, daylights } from '#server/contracts/earth-words.ts';
import type { EarthFilter, GeoBounds } from '#server/contracts/earth.ts';

import { isUuid } from './uuid.ts';
import { parseWall, wallAddress } from './wall-pins.ts';

/** Where one looks: the point in the middle and the zoom of web maps (at zoom z the equator is 512 · 2^z CSS pixels long). */
export type EarthPosition = {
  latitude: number;
  longitude: number;
  zoom: number;
  /** Degrees clockwise from north of what points up on the screen; left out where north does. */
  heading?: number;
  /** Degrees away from looking straight down; left out where there are none. */
  tilt?: number;
};

/** Everything that an address of Earth says: whoever opens it sees the same. */
export type EarthAddress = {
  cameraId: string | null;
  /** Null is now. */
  atMs: number | null;
  position: EarthPosition | null;
  filter: EarthFilter;
  /** Pinned cameras, in their order. */
  wall: readonly string[];
  isWallShown: boolean;
  isFlat: boolean;
};

export const zoomMax = 18;
const tiltMax = 85;

type Reader = { get(name: string): string | null };

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));

/** −180 ≤ longitude < 180. */
export const wrapLongitude = (longitude: number): number => ((((longitude + 180) % 360) + 360) % 360) - 180;

const readId = (text: string | null): string | null => (isUuid(text) ? text : null);

/** RFC 3339 or epoch milliseconds, as the media addresses take it. */
function readMoment(text: string | null): number | null {
  if (text === null) return null;
  const ms = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}

/** `35.66,139.70,9.5`, or with heading and tilt `35.66,139.70,9.5,120,45` */
function readPosition(text: string | null): EarthPosition | null {
  const parts = (text ?? '').split(',');
  const [latitude = Number.NaN, longitude = Number.NaN, zoom = 3, heading = 0, tilt = 0] = parts.map((part) =>
    part.trim() === '' ? Number.NaN : Number(part),
  );
  if (parts.length > 5 || ![latitude, longitude, zoom, heading, tilt].every((value) => Number.isFinite(value)))
    return null;
  return {
    latitude: clamp(latitude, -90, 90),
    longitude: wrapLongitude(longitude),
    zoom: clamp(zoom, 0, zoomMax),
    ...sideOf({ heading, tilt: clamp(tilt, 0, tiltMax) }),
  };
}

/** From which side one looks, as whole degrees; what stands at its default is left out. */
function sideOf({ heading = 0, tilt = 0 }: Pick<EarthPosition, 'heading' | 'tilt'>): {
  heading?: number;
  tilt?: number;
} {
  const [turned, leant] = [Math.round(wrapLongitude(heading)), Math.round(tilt)];
  return { ...(turned === 0 ? {} : { heading: turned }), ...(leant === 0 ? {} : { tilt: leant }) };
}

const chosen = <Word extends string>(known: readonly Word[], text: string | null): Word[] =>
  known.filter((word) => (text ?? '').split(',').includes(word));

function readFilter(address: Reader): EarthFilter {
  const states = chosen(cameraStates, address.get('state'));
  const kinds = chosen(cameraKinds, address.get('kind'));
  const country = address.get('in')?.toUpperCase() ?? '';
  const light = daylights.find((word) => word === address.get('light'));
  return {
    ...(states.length > 0 ? { states } : {}),
    ...(kinds.length > 0 ? { kinds } : {}),
    ...(countryCodePattern.test(country) ? { country } : {}),
    ...(light ? { daylight: light } : {}),
    ...(address.get('demo') === 'off' ? { demo: false } : {}),
  };
}

export const readEarthAddress = (address: Reader): EarthAddress => ({
  cameraId: readId(address.get('camera')),
  atMs: readMoment(address.get('t')),
  position: readPosition(address.get('v')),
  filter: readFilter(address),
  wall: parseWall(address.get('wall')),
  isWallShown: address.get('show') === 'wall',
  isFlat: address.get('map') === 'flat',
});

const trimmed = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/** As fine as the zoom can show: a longer number would change the address without changing the picture. */
export function positionText({ latitude, longitude, zoom, ...side }: EarthPosition): string {
  const digits = clamp(Math.ceil(zoom / 3) + 1, 2, 6);
  const parts = [trimmed(latitude, digits), trimmed(wrapLongitude(longitude), digits), trimmed(zoom, 1)];
  const { heading = 0, tilt = 0 } = sideOf(side);
  // Clockwise all around: 350 rather than -10.
  if (heading !== 0 || tilt !== 0) parts.push(String((heading + 360) % 360));
  if (tilt !== 0) parts.push(String(tilt));
  return parts.join(',');
}

/** The address of Earth; what stands at its default is left out. */
export function earthAddress({
  cameraId: camera,
  atMs,
  position,
  filter,
  wall,
  isWallShown,
  isFlat,
}: Partial<EarthAddress>): string {
  const address = new URLSearchParams();
  if (camera) address.set('camera', camera);
  if (atMs !== null && atMs !== undefined)
    address.set('t', new Date(Math.floor(atMs / 1000) * 1000).toISOString().replace('.000Z', 'Z'));
  if (position) address.set('v', positionText(position));
  if (filter?.states?.length) address.set('state', filter.states.join(','));
  if (filter?.kinds?.length) address.set('kind', filter.kinds.join(','));
  if (filter?.country) address.set('in', filter.country);
  if (filter?.daylight) address.set('light', filter.daylight);
  if (filter?.demo === false) address.set('demo', 'off');
  if (wall?.length) address.set('wall', wallAddress(wall));
  if (isWallShown) address.set('show', 'wall');
  if (isFlat) address.set('map', 'flat');
  const text = address.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text ? `/?${text}` : '/';
}

/** The position from which a part of the planet is seen whole, in a window whose smaller side is `sidePx`. */
export function positionOver([west, south, east, north]: GeoBounds, sidePx: number): EarthPosition {
  const width = west > east ? east + 360 - west : east - west;
  const span = Math.max(width * Math.cos((((south + north) / 2) * Math.PI) / 180), north - south, 0.01);
  return {
    latitude: (south + north) / 2,
    longitude: wrapLongitude(west + width / 2),
    zoom: clamp(Math.log2((sidePx * 0.7 * 360) / (512 * span)), 0.5, 14),
  };
}
