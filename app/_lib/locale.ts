export const locales = ['en', 'ja'] as const;
export type Locale = (typeof locales)[number];
export const localeCookie = 'locale';

export const isLocale = (value: string | undefined): value is Locale => locales.some((locale) => locale === value);

/** The first language of `Accept-Language` that we speak; English where we speak none. */
export function negotiateLocale(acceptLanguage: string): Locale {
  const wishes = acceptLanguage
    .split(',')
    .map((wish) => {
      const [tag = '', quality] = wish.trim().split(';q=');
      return { tag: tag.slice(0, 2).toLowerCase(), weight: quality ? Number(quality) : 1 };
    })
    .toSorted((one, other) => other.weight - one.weight);
  return wishes.map((wish) => wish.tag).find((tag) => isLocale(tag)) ?? 'en';
}
