import 'server-only';
import { getRequestConfig } from 'next-intl/server';
import { cookies, headers } from 'next/headers';

import { isLocale, localeCookie, negotiateLocale } from './locale.ts';
import en from './messages/en.json' with { type: 'json' };
import ja from './messages/ja.json' with { type: 'json' };

const messages = { en, ja };

/** One address for both languages, so that a shared link opens in the reader's own: the cookie decides, else the browser's wish. */
const requestConfig = getRequestConfig(async () => {
  const chosen = (await cookies()).get(localeCookie)?.value;
  const locale = isLocale(chosen) ? chosen : negotiateLocale((await headers()).get('accept-language') ?? '');
  return { locale, messages: messages[locale], timeZone: 'UTC' };
});

// next-intl loads this file by name and asks for the default export.
// oxlint-disable-next-line import/no-default-export
export default requestConfig;
