import type { CameraState } from '#server/contracts/camera.ts';
import type { EarthFind } from '#server/contracts/earth.ts';

import { readCoordinates } from './coordinates.ts';
import type { Gazetteer, Named } from './gazetteer.ts';
import type { MapCamera } from './planet-map.ts';
import { foldText, soundOf } from './text-fold.ts';

interface Scored {
  score: number;
  find: EarthFind;
}

/** How well a name fits what was typed; nothing else weighs as much. */
const whole = 1000;
const beginning = 600;
const word = 400;
const within = 200;
/** Shorter texts are in the middle of too many names. */
const withinLengthMin = 3;
/** Of what there is so much of that it would leave no room for the rest. */
const citiesShare = 0.5;
const countriesMax = 3;
/** Better ones of this many are looked for; a word that half the cameras have is not worth ranking them all. */
const camerasRankedMax = 2000;

/** A picture now is worth more than none. */
const standing: Record<CameraState, number> = {
  live: 90,
  delayed: 60,
  demo: 40,
  still: 30,
  unchecked: 20,
  error: 0,
  offline: 0,
};

/** Coordinates first, then whatever fits best: by name, then by people or by picture. */
export function searchPlanet(
  query: string,
  { gazetteer, cameras, limit }: { gazetteer: Gazetteer; cameras: readonly MapCamera[]; limit: number },
): EarthFind[] {
  const coordinates = readCoordinates(query);
  if (coordinates) return [{ type: 'coordinates', ...coordinates }];
  const text = foldText(query).trim();
  if (text === '') return [];
  const sound = soundOf(query);
  const found = [
    ...best(
      matches(gazetteer.countries, { text, sound }, (place) => [150, { type: 'country', ...place }]),
      countriesMax,
    ),
    ...best(
      matches(gazetteer.cities, { text, sound }, (place) => [
        20 * Math.log10(place.population),
        { type: 'city', ...place },
      ]),
      Math.ceil(limit * citiesShare),
    ),
    ...best(matchingCameras(cameras, { text, sound }), limit),
  ];
  return best(found, limit).map(({ find }) => find);
}

interface Wanted {
  text: string;
  sound: string | null;
}

function matches<Place>(
  named: readonly Named<Place>[],
  { text, sound }: Wanted,
  give: (place: Place) => [number, EarthFind],
): Scored[] {
  return named.flatMap(({ place, names, sounds }) => {
    const fit = Math.max(
      ...names.map((name) => fitOf(name, text)),
      // What was written as it is written goes before what only sounds so.
      ...(sound === null ? [0] : sounds.map((name) => fitOf(name, sound) - 1)),
    );
    if (fit <= 0) return [];
    const [weight, find] = give(place);
    return [{ score: fit + weight, find }];
  });
}

function fitOf(name: string, text: string): number {
  const at = name.indexOf(text);
  if (at < 0) return 0;
  // 大阪 means 大阪市: cities are called so in tables alone.
  if (name === text || name === `${text}市`) return whole;
  if (at === 0) return beginning;
  if (name[at - 1] === ' ' || name[at - 1] === '-') return word;
  return text.length >= withinLengthMin || isIdeographic(text) ? within : 0;
}

const isIdeographic = (text: string) => /\p{Script=Han}/u.test(text);

/** Every word is somewhere in its names and places, as written or as it sounds. */
function matchingCameras(cameras: readonly MapCamera[], { text, sound }: Wanted): Scored[] {
  const words = text.split(/\s+/u).map(waysOf);
  const wholes = sound === null || sound === text ? [text] : [text, sound];
  const found: Scored[] = [];
  for (const camera of cameras) {
    if (!hasAll(camera.text, words)) continue;
    const fit = Math.max(within, ...wholes.map((way) => fitOfLines(camera.text, way)));
    found.push({ score: fit + standing[camera.state], find: toFind(camera) });
    if (found.length === camerasRankedMax) break;
  }
  return found;
}

/** As written, and as it sounds. */
function waysOf(part: string): string[] {
  const sound = soundOf(part);
  return sound === null || sound === part ? [part] : [part, sound];
}

function hasAll(text: string, words: readonly (readonly string[])[]): boolean {
  for (const ways of words) {
    let has = false;
    for (const way of ways) has ||= text.includes(way);
    if (!has) return false;
  }
  return true;
}

function fitOfLines(lines: string, text: string): number {
  return Math.max(...lines.split('\n').map((line) => (line === '' ? 0 : fitOf(line, text))));
}

function toFind(camera: MapCamera): EarthFind {
  const { id, name, nameJa, place, placeJa, latitude, longitude, state, demo } = camera;
  return { type: 'camera', camera: { id, name, nameJa, place, placeJa, latitude, longitude, state, demo } };
}

function best(scored: readonly Scored[], count: number): Scored[] {
  return scored.toSorted((a, b) => b.score - a.score).slice(0, count);
}
