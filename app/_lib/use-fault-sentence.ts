import { useTranslations } from 'next-intl';

import { faultDetails } from './auth-client-fault.ts';
import { codeOf } from './error-message.ts';

/** Reasons that have a sentence of their own, under `auth.fault`. */
const reasons = [
  'common',
  'ownWords',
  'userNameTaken',
  'emailTaken',
  'sameEmail',
  'closed',
  'invitation',
  'otherAddress',
  'wrongCode',
  'wrongPassword',
  'secondFactor',
  'passkey',
  'locked',
  'ownHands',
  'viewAs',
  'lastOwner',
  'type',
  'pixels',
  'damaged',
  'linkOver',
  'linkFirst',
  'linkedElsewhere',
  'emailUnverified',
  'signUpClosed',
  'unknown',
  'proof',
] as const;
type Reason = (typeof reasons)[number];

const isReason = (given: string | null): given is Reason => reasons.some((reason) => reason === given);

interface Sentences {
  /** Of an error of a procedure. */
  ofError: (error: unknown) => string;
  /** Of a reason that came another way, an address for instance. */
  ofReason: (reason: string) => string;
  ofWait: (seconds: number) => string;
}

/** What a person is told about a refusal: by its reason, else by how long to wait, else by its code. */
export function useFaultSentence(): Sentences {
  const t = useTranslations();
  const ofWait = (seconds: number) =>
    seconds < 90 ? t('auth.waitSeconds', { seconds }) : t('auth.waitMinutes', { minutes: Math.ceil(seconds / 60) });
  return {
    ofWait,
    ofReason: (reason) => (isReason(reason) ? t(`auth.fault.${reason}`) : t('auth.fault.unclear')),
    ofError: (error) => {
      const { reason, retryAfterSeconds } = faultDetails(error);
      if (isReason(reason)) return t(`auth.fault.${reason}`);
      if (retryAfterSeconds !== null) return ofWait(retryAfterSeconds);
      return t(`error.${codeOf(error)}`);
    },
  };
}
