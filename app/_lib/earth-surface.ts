import type { EarthCluster, EarthPoint, GeoBounds, PlaceLabel } from '#server/contracts/earth.ts';

import type { EarthPosition } from './earth-address.ts';
import type { EarthClock } from './earth-clock.ts';

/** One thing on the planet that can be pointed at. */
export type EarthItem = { type: 'camera'; point: EarthPoint } | { type: 'cluster'; cluster: EarthCluster };

/** What is seen at the moment. */
export type SurfaceView = EarthPosition & { bounds: GeoBounds };

/** CSS pixels from the top left of the surface's box. */
export type SurfacePoint = { x: number; y: number };

/** Where to; north up and straight down unless it says else. */
export type Flight = EarthPosition;

/** A country's name where it is written. */
export type CountryLabel = { code: string; name: string; latitude: number; longitude: number; radiusDegrees: number };

export type SurfaceHandle = {
  flyTo: (to: Flight) => void;
  /** Where a place is drawn; null behind the globe or outside. */
  project: (place: { latitude: number; longitude: number }) => SurfacePoint | null;
};

/** The wedge of a camera: from where, which way. */
export type Wedge = { latitude: number; longitude: number; bearing: number };

/** A part of the surface's box under a control, CSS pixels. */
export type Cover = { x: number; y: number; width: number; height: number };

export type Inset = { left: number; right: number; top: number; bottom: number };

/** What every drawing of the planet takes, be it a globe or a flat map. */
export type SurfaceProps = {
  points: readonly EarthPoint[];
  clusters: readonly EarthCluster[];
  labels: readonly PlaceLabel[];
  /** All countries, the largest first: each is named where the zoom suits its size. */
  countries: readonly CountryLabel[];
  selectedId: string | null;
  /** A camera's id, or a cluster's as text. */
  hoverKey: string | null;
  wedge: Wedge | null;
  /** What panels cover at each side, in CSS pixels: the middle is the middle of the rest. */
  inset: Inset;
  /** Where controls stand over it: nothing is written under them. */
  covers: readonly Cover[];
  clock: EarthClock;
  /** Something beside it needs the machine more: it may draw less often. */
  isYielding: boolean;
  /** Where it begins. Later moves go by `flyTo`. */
  initialPosition: EarthPosition;
  onView: (view: SurfaceView) => void;
  onHover: (item: EarthItem | null, at: SurfacePoint | null) => void;
  onSelect: (item: EarthItem) => void;
};

export const keyOf = (item: EarthItem): string => (item.type === 'camera' ? item.point.id : `${item.cluster.id}`);

export const placeOf = (item: EarthItem): { latitude: number; longitude: number } =>
  item.type === 'camera' ? item.point : item.cluster;
