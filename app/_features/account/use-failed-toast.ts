'use client';

import { useTranslations } from 'next-intl';
import { toast } from 'sonner';

import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { isWithheld } from './proof.tsx';

/** Says why what the person did was not done, where no form stands to say it. */
export function useFailedToast(): (error: unknown) => void {
  const t = useTranslations('account');
  const sentence = useFaultSentence();
  return (error) => {
    if (!isWithheld(error)) toast(t('failed', { message: sentence.ofError(error) }));
  };
}
