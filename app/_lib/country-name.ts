import type { Locale } from './locale.ts';

const names = new Map<Locale, Intl.DisplayNames>();

/** The name of a country (ISO 3166-1 alpha-2) in the reader's language; the code where there is none. */
export function countryName(country: string, locale: Locale): string {
  const known = names.get(locale) ?? new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  names.set(locale, known);
  return known.of(country) ?? country;
}
