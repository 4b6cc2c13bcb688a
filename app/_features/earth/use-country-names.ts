'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale } from 'next-intl';
import { useMemo } from 'react';

import { countryCodePattern } from '#server/contracts/earth-words.ts';

import type { CountryLabel } from '../../_lib/earth-surface.ts';

const address = '/earth/countries.json';
const deadlineMs = 20_000;
/** A little before the first name is due: the first look at the planet does not fetch them. */
const zoomFrom = 1.6;
type Row = readonly [code: string, latitude: number, longitude: number, radiusDegrees: number];
const none: readonly CountryLabel[] = [];

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

function isRow(row: unknown): row is Row {
  if (!isList(row)) return false;
  const [code, ...numbers] = row;
  const areNumbers = numbers.length === 3 && numbers.every((value) => Number.isFinite(value)) && Number(numbers[2]) > 0;
  return typeof code === 'string' && countryCodePattern.test(code) && areNumbers;
}

async function loadCountries(signal: AbortSignal) {
  const response = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]) });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const rows: unknown = await response.json();
  if (!isList(rows) || !rows.every((row) => isRow(row))) throw new Error(`${address} holds something else`);
  return rows.toSorted((a, b) => b[3] - a[3]);
}

/** The countries' names in the page's language, the largest first. Without them the planet goes on. */
export function useCountryNames(zoom: number): readonly CountryLabel[] {
  const locale = useLocale();
  const places = useQuery({
    queryKey: ['countryNames'],
    queryFn: ({ signal }) => loadCountries(signal),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: zoom >= zoomFrom,
    retry: 1,
  }).data;
  return useMemo(() => {
    if (!places) return none;
    const names = new Intl.DisplayNames(locale, { type: 'region' });
    return places.map(([code, latitude, longitude, radiusDegrees]) => {
      const name = names.of(code) ?? code;
      return { code, name, latitude, longitude, radiusDegrees };
    });
  }, [places, locale]);
}
