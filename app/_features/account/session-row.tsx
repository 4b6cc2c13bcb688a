'use client';

import { useLocale, useTranslations } from 'next-intl';

import type { SessionView } from '#server/contracts/account.ts';

import { Button } from '../../_ui/button.tsx';
import { momentOf } from './moments.ts';

const methods = ['password', 'password+totp', 'password+recovery', 'passkey', 'oidc', 'viewAs'] as const;
type Method = (typeof methods)[number];
const isMethod = (given: string): given is Method => methods.some((method) => method === given);

/** Where and since when somebody is signed in. */
export function SessionRow({ session, isBusy, onEnd }: { session: SessionView; isBusy: boolean; onEnd: () => void }) {
  const t = useTranslations('account');
  const locale = useLocale();
  const { device, ip, method, current, createdAt, lastSeenAt } = session;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 grow basis-60">
        <p className="flex flex-wrap items-baseline gap-x-2 font-medium">
          <span className="break-words">{device}</span>
          {current ? <span className="text-12 font-semibold text-live">● {t('thisBrowser')}</span> : null}
        </p>
        <p className="text-13 text-quiet">
          {t('seenAt', { moment: momentOf(lastSeenAt, locale) })}
          {ip === null ? null : (
            <>
              {' '}
              · <span className="figure">{ip}</span>
            </>
          )}
        </p>
        <p className="text-13 text-quiet">
          {t('signedInAt', { moment: momentOf(createdAt, locale) })}
          {isMethod(method) ? ` · ${t(`method.${method}`)}` : ''}
        </p>
      </div>
      {current ? null : (
        <Button
          tone="danger"
          size="small"
          className="max-md:h-11"
          disabled={isBusy}
          aria-label={t('endNamed', { name: device })}
          onClick={onEnd}
        >
          {t('end')}
        </Button>
      )}
    </li>
  );
}
