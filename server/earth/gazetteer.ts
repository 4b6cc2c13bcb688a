import { setImmediate as yieldTurn } from 'node:timers/promises';

import { z } from 'zod';

import { countryCode, geoBounds, type GeoBounds, type PlaceLabel } from '#server/contracts/earth.ts';

import cityFile from '../../assets/geo/cities.json' with { type: 'json' };
import countryFile from '../../assets/geo/countries.json' with { type: 'json' };
import readingFile from '../../assets/geo/readings-ja.json' with { type: 'json' };
import { contains } from './map-index.ts';
import { foldText, soundOf } from './text-fold.ts';

export interface City {
  id: number;
  name: string;
  nameJa: string | null;
  country: string;
  latitude: number;
  longitude: number;
  population: number;
  timeZone: string;
}

export interface Country {
  country: string;
  latitude: number;
  longitude: number;
  bounds: GeoBounds;
}

/** Names as they are looked for, and how the Latin one sounds. */
export interface Named<Place> {
  place: Place;
  names: string[];
  sounds: string[];
}

const cityRows = z.array(
  z.tuple([z.int(), z.string(), z.string().nullable(), countryCode, z.number(), z.number(), z.int(), z.string()]),
);
const countryRows = z.array(
  z
    .tuple([countryCode, z.number(), z.number(), z.number(), z.number(), z.number(), z.number()])
    .transform(([country, latitude, longitude, ...bounds]) => ({
      country,
      latitude,
      longitude,
      bounds: geoBounds.parse(bounds),
    })),
);

/** How a city abroad is called in Japanese where neither its kanji nor its Latin name tells it. */
const readingRows = z.array(z.tuple([z.int(), z.string(), z.string().nullable(), z.array(z.string()).min(1)]));

const sliceLength = 100;
/** Labels nearer than this on the screen would lie on each other, CSS pixels. */
const labelWidth = 110;
const labelHeight = 36;
export const labelsMax = 60;
/** The equator is so long at zoom 0, as on web maps. */
const worldPixels = 512;

/** Cities and countries, both languages. The largest city first. */
export class Gazetteer {
  readonly cities: readonly Named<City>[];
  readonly countries: readonly Named<Country>[];

  private constructor(cities: readonly Named<City>[], countries: readonly Named<Country>[]) {
    this.cities = cities;
    this.countries = countries;
  }

  /** In slices: others have their turn while thousands of names are folded. */
  static async open(): Promise<Gazetteer> {
    const [english, japanese] = ['en', 'ja'].map((locale) => new Intl.DisplayNames(locale, { type: 'region' }));
    const readings = new Map(readingRows.parse(readingFile.rows).map(([id, , nameJa, kana]) => [id, { nameJa, kana }]));
    const cities = await inSlices(cityFile.rows, (rows) =>
      cityRows.parse(rows).map(([id, name, given, country, latitude, longitude, population, timeZone]) => {
        const { nameJa: other = null, kana = [] } = readings.get(id) ?? {};
        const nameJa = given ?? other;
        const city = { id, name, nameJa, country, latitude, longitude, population, timeZone };
        return named(city, [name, nameJa, ...kana]);
      }),
    );
    const countries = await inSlices(countryFile.rows, (rows) =>
      countryRows
        .parse(rows)
        .map((place) =>
          named(place, [english?.of(place.country) ?? place.country, japanese?.of(place.country) ?? null]),
        ),
    );
    return new Gazetteer(cities, countries);
  }

  /** The largest that fit beside each other. */
  labels({ bounds, zoom }: { bounds: GeoBounds; zoom: number }): PlaceLabel[] {
    const scale = worldPixels * 2 ** zoom;
    const taken: { x: number; y: number }[] = [];
    const labels: PlaceLabel[] = [];
    for (const { place } of this.cities) {
      if (!contains(bounds, place.longitude, place.latitude)) continue;
      const spot = { x: (place.longitude / 360) * scale, y: mercator(place.latitude) * scale };
      if (taken.some(({ x, y }) => Math.abs(x - spot.x) < labelWidth && Math.abs(y - spot.y) < labelHeight)) continue;
      taken.push(spot);
      const { id, name, nameJa, latitude, longitude, population } = place;
      labels.push({ id, name, nameJa, latitude, longitude, population });
      if (labels.length === labelsMax) break;
    }
    return labels;
  }
}

async function inSlices<Row, Made>(rows: readonly Row[], make: (rows: readonly Row[]) => Made[]): Promise<Made[]> {
  const made: Made[] = [];
  for (let at = 0; at < rows.length; at += sliceLength) {
    made.push(...make(rows.slice(at, at + sliceLength)));
    await yieldTurn();
  }
  return made;
}

function named<Place>(place: Place, names: readonly (string | null)[]): Named<Place> {
  const given = names.filter((name) => name !== null);
  return {
    place,
    names: [...new Set(given.map(foldText))],
    sounds: [...new Set(given.flatMap((name) => soundOf(name) ?? []))],
  };
}

function mercator(latitude: number): number {
  const sine = Math.sin((Math.max(-85, Math.min(85, latitude)) * Math.PI) / 180);
  return Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}
