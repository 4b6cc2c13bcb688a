/** `22 Nov 2026`, in the reader's own zone. */
export const dayOf = (iso: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(iso));

/** `22 Nov 2026, 18:42`, in the reader's own zone. */
export const momentOf = (iso: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
