import { earthAddress, readEarthAddress, type EarthAddress } from './earth-address.ts';

/** What the address says at this moment: newer than the last render while the globe moves. */
export const earthAddressNow = (): EarthAddress => readEarthAddress(new URLSearchParams(window.location.search));

const changed = (change: Partial<EarthAddress>): string => earthAddress({ ...earthAddressNow(), ...change });

/** A step that the back button takes back: a camera opened, a place looked up. */
export const pushEarth = (change: Partial<EarthAddress>): void => window.history.pushState(null, '', changed(change));

/** What follows a movement: the address stays true and the history short. */
export function replaceEarth(change: Partial<EarthAddress>): void {
  const next = changed(change);
  if (next !== `${window.location.pathname}${window.location.search}`) window.history.replaceState(null, '', next);
}
