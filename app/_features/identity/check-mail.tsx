'use client';

import { useTranslations } from 'next-intl';

import { Entrance } from './entrance.tsx';
import { ResendConfirmation } from './resend-confirmation.tsx';

/** After signing up where the address has to be confirmed first. Says the same whoever has the address. */
export function CheckMail({ email }: { email: string }) {
  const t = useTranslations('auth');
  return (
    <Entrance title={t('checkMailTitle')} text={t('checkMailText', { email })}>
      <p className="pb-4 text-13 text-quiet">{t('checkMailHelp')}</p>
      <ResendConfirmation email={email} />
    </Entrance>
  );
}
