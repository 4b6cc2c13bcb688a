import { isUuid } from './uuid.ts';

/** Cameras that this browser keeps by id: those looked at last, and those that were starred. Names are asked from the server when they are shown. */
export type KeptCameras = { recent: readonly string[]; favourites: readonly string[] };

const storageKey = 'earth.cameras';
const recentMax = 12;
const favouritesMax = 200;

const none: KeptCameras = { recent: [], favourites: [] };

function readIds(value: unknown, max: number): string[] | null {
  return Array.isArray(value) && value.every((one) => isUuid(one)) ? [...new Set(value)].slice(0, max) : null;
}

/** What is not ours, or was broken, counts as nothing. */
export function readKept(text: string | null): KeptCameras {
  if (text === null) return none;
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null) return none;
    const recent = readIds(Reflect.get(read, 'recent'), recentMax);
    const favourites = readIds(Reflect.get(read, 'favourites'), favouritesMax);
    return recent && favourites ? { recent, favourites } : none;
  } catch {
    // Not JSON: written by somebody else.
    return none;
  }
}

export const withRecent = (kept: KeptCameras, id: string): KeptCameras => ({
  ...kept,
  recent: [id, ...kept.recent.filter((one) => one !== id)].slice(0, recentMax),
});

export const withFavourite = (kept: KeptCameras, id: string): KeptCameras => ({
  ...kept,
  favourites: kept.favourites.includes(id)
    ? kept.favourites.filter((one) => one !== id)
    : [id, ...kept.favourites].slice(0, favouritesMax),
});

const listeners = new Set<() => void>();
let current: { text: string | null; kept: KeptCameras } | null = null;

function storedText(): string | null {
  try {
    return window.localStorage.getItem(storageKey);
  } catch {
    // Storage is refused in this browser: nothing is kept.
    return null;
  }
}

/** The same object as long as the stored text is the same, so that React can compare. */
export function keptCameras(): KeptCameras {
  const text = storedText();
  if (!current || current.text !== text) current = { text, kept: readKept(text) };
  return current.kept;
}

export const noKeptCameras = (): KeptCameras => none;

export function keepCameras(kept: KeptCameras): void {
  try {
    window.localStorage.setItem(storageKey, JSON.stringify(kept));
  } catch {
    // Full or refused: the choice holds for nobody, and says so by not changing.
    return;
  }
  for (const listener of listeners) listener();
}

/** Tells of changes here and in other tabs. */
export function onKeptCameras(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}
