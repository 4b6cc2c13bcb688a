import { createTranslator } from 'next-intl';

import { isLocale, type Locale } from '../_lib/locale.ts';
import en from '../_lib/messages/en.json' with { type: 'json' };
import ja from '../_lib/messages/ja.json' with { type: 'json' };

/** Words of the language in the address: whoever fetches a preview picture has no cookie. */
export function wordsFor(request: Request) {
  const wanted = new URL(request.url).searchParams.get('locale') ?? undefined;
  const locale: Locale = isLocale(wanted) ? wanted : 'en';
  const messages = locale === 'ja' ? ja : en;
  return {
    locale,
    app: createTranslator({ locale, messages: { app: messages.app }, namespace: 'app' }),
    recorded: messages.player.recorded,
    states: createTranslator({ locale, messages: { state: messages.state }, namespace: 'state' }),
  };
}
