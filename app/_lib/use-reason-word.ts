import { useMessages, useTranslations, type Messages } from 'next-intl';

type Reason = keyof Messages['reason'];

/** The words of a typed reason; the reason itself where it is none of ours; null without one. */
export function useReasonWord(reason: string | null): string | null {
  const t = useTranslations('reason');
  const { reason: words } = useMessages();
  if (reason === null || reason === '') return null;
  const isReason = (word: string): word is Reason => Object.hasOwn(words, word);
  return isReason(reason) ? t(reason) : reason;
}
