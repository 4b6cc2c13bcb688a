'use client';

import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import { z } from 'zod';

import type { SystemNotice } from '#server/contracts/system-status.ts';

const features = ['camera', 'microphone', 'push', 'passkeys', 'webTransport'] as const;
const details = z.object({ features: z.array(z.enum(features)) });

const never = () => () => {};

/** What browsers do only in a secure context, and whether this one is refused it here and now. */
export function RefusedFeatures({ notice }: { notice: SystemNotice }) {
  const t = useTranslations('status');
  const isSecure = useSyncExternalStore(
    never,
    () => window.isSecureContext,
    () => true,
  );
  const refused = details.safeParse(notice.details).data?.features ?? [];
  return (
    <>
      <ul className="list-disc ps-5">
        {refused.map((feature) => (
          <li key={feature}>{t(`refused.${feature}`)}</li>
        ))}
      </ul>
      {!isSecure && <p className="font-semibold">{t('refusedHere')}</p>}
    </>
  );
}
