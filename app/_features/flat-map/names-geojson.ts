import type { PlaceLabel } from '#server/contracts/earth.ts';

import { zoomsOfName } from '../../_lib/country-names.ts';
import type { CountryLabel, Wedge } from '../../_lib/earth-surface.ts';
import { localName } from '../../_lib/format.ts';
import type { Locale } from '../../_lib/locale.ts';
import type { MapName } from './covered-names.ts';
import { textImage } from './map-images.ts';

type Spot = { at: [number, number]; properties: Readonly<Record<string, string | number>> };

const collectionOf = (spots: readonly Spot[]) => ({
  type: 'FeatureCollection' as const,
  features: spots.map(({ at: coordinates, properties }) => ({
    type: 'Feature' as const,
    geometry: { type: 'Point' as const, coordinates },
    properties,
  })),
});

const cityText = (label: PlaceLabel, locale: Locale): string => localName(label, locale);
const countryText = ({ name }: CountryLabel, locale: Locale): string => name.toLocaleUpperCase(locale);

/** The largest city stands first, where two have no room. */
export const citiesGeoJson = (labels: readonly PlaceLabel[], locale: Locale) =>
  collectionOf(
    labels.map((label) => ({
      at: [label.longitude, label.latitude],
      properties: { id: label.id, image: textImage('label', cityText(label, locale)), rank: -label.population },
    })),
  );

export const countriesGeoJson = (countries: readonly CountryLabel[], locale: Locale) =>
  collectionOf(
    countries.map((country) => ({
      at: [country.longitude, country.latitude],
      properties: {
        id: country.code,
        image: textImage('country', countryText(country, locale)),
        rank: -country.radiusDegrees,
        ...zoomsOfName(country.radiusDegrees),
      },
    })),
  );

export const wedgeGeoJson = (wedge: Wedge | null) =>
  collectionOf(wedge ? [{ at: [wedge.longitude, wedge.latitude], properties: { bearing: wedge.bearing } }] : []);

/** All that is named on the map. */
export const namesOf = (
  labels: readonly PlaceLabel[],
  countries: readonly CountryLabel[],
  locale: Locale,
): readonly MapName[] => [
  ...labels.map((label): MapName => {
    const { id, longitude, latitude } = label;
    return { source: 'labels', id, kind: 'label', text: cityText(label, locale), at: [longitude, latitude] };
  }),
  ...countries.map((country): MapName => {
    const { code: id, longitude, latitude } = country;
    return { source: 'countries', id, kind: 'country', text: countryText(country, locale), at: [longitude, latitude] };
  }),
];
