'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale } from 'next-intl';
import { useMemo } from 'react';
import { z } from 'zod';

import { countryCode } from '#server/contracts/earth.ts';

import type { CountryLabel } from '../../_lib/earth-surface.ts';

const address = '/earth/countries.json';
const deadlineMs = 20_000;
/** A little before the first name is due: the first look at the planet does not fetch them. */
const zoomFrom = 1.6;
const rows = z.array(z.tuple([countryCode, z.number(), z.number(), z.number().positive()]));
const none: readonly CountryLabel[] = [];

async function loadCountries(signal: AbortSignal) {
  const response = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]) });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return rows.parse(await response.json()).toSorted((a, b) => b[3] - a[3]);
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
