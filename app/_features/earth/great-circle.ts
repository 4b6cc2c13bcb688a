export type Place = { latitude: number; longitude: number };

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const earthRadiusMetres = 6_371_008.8;

/** Along the great circle, in metres (haversine). */
export function distanceMetres(from: Place, to: Place): number {
  const dLatitude = radians(to.latitude - from.latitude);
  const dLongitude = radians(to.longitude - from.longitude);
  const chord =
    Math.sin(dLatitude / 2) ** 2 +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.sin(dLongitude / 2) ** 2;
  return 2 * earthRadiusMetres * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** The direction in which one sets out, degrees clockwise from north. */
export function bearingTo(from: Place, to: Place): number {
  const dLongitude = radians(to.longitude - from.longitude);
  const y = Math.sin(dLongitude) * Math.cos(radians(to.latitude));
  const x =
    Math.cos(radians(from.latitude)) * Math.sin(radians(to.latitude)) -
    Math.sin(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.cos(dLongitude);
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
}

export type Direction = 'north' | 'east' | 'south' | 'west';
const headings = { north: 0, east: 90, south: 180, west: 270 } satisfies Record<Direction, number>;

/**
 * What an arrow key means from here: the nearest within 60° of its direction, where what lies aside counts as further away.
 * Null where nothing lies there.
 */
export function nextInDirection<Item extends Place>(
  from: Place,
  items: readonly Item[],
  direction: Direction,
): Item | null {
  let best: { item: Item; cost: number } | null = null;
  for (const item of items) {
    const distance = distanceMetres(from, item);
    if (distance < 0.5) continue;
    const aside = Math.abs(((bearingTo(from, item) - headings[direction] + 540) % 360) - 180);
    if (aside > 60) continue;
    const cost = distance * (1 + (aside / 45) ** 2);
    if (!best || cost < best.cost) best = { item, cost };
  }
  return best?.item ?? null;
}

/** The item nearest to a place. */
export function nearestTo<Item extends Place>(place: Place, items: readonly Item[]): Item | null {
  let best: { item: Item; distance: number } | null = null;
  for (const item of items) {
    const distance = distanceMetres(place, item);
    if (!best || distance < best.distance) best = { item, distance };
  }
  return best?.item ?? null;
}
