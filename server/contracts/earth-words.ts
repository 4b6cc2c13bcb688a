/** Light at a place, by itself: a page that only names it loads no schema. The sun above the horizon, within 6° below it (civil twilight), or lower. */
export const daylights = ['day', 'twilight', 'night'] as const;
export type Daylight = (typeof daylights)[number];

/** ISO 3166-1 alpha-2. */
export const countryCodePattern = /^[A-Z]{2}$/;
