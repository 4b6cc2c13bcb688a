'use client';

import { useTranslations } from 'next-intl';

import { faultDetails } from '../../_lib/auth-client-fault.ts';
import { codeOf } from '../../_lib/error-message.ts';

const reasons = [
  'lastOwner',
  'moreThanHeld',
  'ownersOnly',
  'heldAlready',
  'held',
  'builtIn',
  'self',
  'locked',
  'noServer',
  'pending',
  'owner',
  'session',
  'tooMany',
  'viewAs',
  'rules',
] as const;

/** What a refusal of the administration says: by its reason, else by its code. */
export function useFault(): (error: unknown) => string {
  const t = useTranslations();
  return (error) => {
    const { reason: given } = faultDetails(error);
    const reason = reasons.find((one) => one === given);
    return reason ? t(`admin.fault.${reason}`) : t(`error.${codeOf(error)}`);
  };
}
