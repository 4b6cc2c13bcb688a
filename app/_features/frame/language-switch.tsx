'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';

import { rememberChoice } from '../../_lib/cookie.ts';
import { localeCookie } from '../../_lib/locale.ts';
import { Hint } from '../../_ui/hint.tsx';

/** Chooses the other language for this browser; addresses stay as they are. */
export function useLanguageSwitch(): () => void {
  const locale = useLocale();
  const router = useRouter();
  return () => {
    rememberChoice(localeCookie, locale === 'ja' ? 'en' : 'ja');
    router.refresh();
  };
}

export function LanguageSwitch() {
  const locale = useLocale();
  const t = useTranslations();
  const switchLanguage = useLanguageSwitch();
  return (
    <Hint text={t('palette.switchLanguage')} side="right">
      <button
        type="button"
        onClick={switchLanguage}
        lang={locale === 'ja' ? 'en' : 'ja'}
        aria-label={t('palette.switchLanguage')}
        className="inline-flex h-9 w-11 items-center justify-center rounded-control text-12 font-medium text-quiet transition-colors hover:bg-hover hover:text-text"
      >
        {locale === 'ja' ? 'EN' : '日本語'}
      </button>
    </Hint>
  );
}
