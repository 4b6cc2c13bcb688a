import { useTranslations } from 'next-intl';

import messages from './messages/en.json' with { type: 'json' };

type Reason = keyof typeof messages.reason;
const isReason = (reason: string): reason is Reason => Object.hasOwn(messages.reason, reason);

/** The words of a typed reason; the reason itself where it is none of ours; null without one. */
export function useReasonWord(reason: string | null): string | null {
  const t = useTranslations('reason');
  if (reason === null || reason === '') return null;
  return isReason(reason) ? t(reason) : reason;
}
