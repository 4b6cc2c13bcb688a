'use client';

import { useTranslations } from 'next-intl';

import type { SessionView } from '#server/contracts/account.ts';

import { RowButton, ThingRow } from './thing-row.tsx';
import { useMoments } from './use-moments.ts';

const methods = ['password', 'password+totp', 'password+recovery', 'passkey', 'oidc', 'viewAs'] as const;
type Method = (typeof methods)[number];
const isMethod = (given: string): given is Method => methods.some((method) => method === given);

/** Where and since when somebody is signed in. */
export function SessionRow({ session, isBusy, onEnd }: { session: SessionView; isBusy: boolean; onEnd: () => void }) {
  const t = useTranslations('account');
  const { moment } = useMoments();
  const { device, ip, method, current, createdAt, lastSeenAt } = session;
  return (
    <ThingRow
      name={
        <>
          <span className="break-words">{device}</span>
          {current ? <span className="text-12 font-semibold text-live">● {t('thisBrowser')}</span> : null}
        </>
      }
      lines={[
        <span key="seen">
          {t('seenAt', { moment: moment(lastSeenAt) })}
          {ip === null ? null : (
            <>
              {' '}
              · <span className="figure">{ip}</span>
            </>
          )}
        </span>,
        `${t('signedInAt', { moment: moment(createdAt) })}${isMethod(method) ? ` · ${t(`method.${method}`)}` : ''}`,
      ]}
    >
      {current ? null : (
        <RowButton label={t('endNamed', { name: device })} tone="danger" isBusy={isBusy} onClick={onEnd}>
          {t('end')}
        </RowButton>
      )}
    </ThingRow>
  );
}
