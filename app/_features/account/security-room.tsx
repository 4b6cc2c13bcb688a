'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';

import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Note } from '../../_ui/note.tsx';
import { ExternalSection } from './external-section.tsx';
import { Loaded } from './loaded.tsx';
import { PasskeySection } from './passkey-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { Room } from './room.tsx';
import { SecondFactorSection } from './second-factor-section.tsx';

/** `came`: what the way back from a provider said. */
export function SecurityRoom({ came }: { came: { isLinked: boolean; error: string | null } }) {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const sentence = useFaultSentence();
  const profile = useQuery(trpc.account.profile.queryOptions());
  const entrance = useQuery(trpc.account.entrance.queryOptions());
  return (
    <Room title={t('rooms.security')} text={t('securityText')}>
      {came.isLinked ? <Note className="mb-5" title={t('linked')} /> : null}
      {came.error === null ? null : (
        <Note tone="error" className="mb-5" title={t('linkFailed')}>
          {sentence.ofReason(came.error)}
        </Note>
      )}
      <Loaded query={profile} lines={6}>
        {(data) => (
          <>
            <PasswordSection profile={data} />
            <SecondFactorSection profile={data} />
            <PasskeySection isUsable={entrance.data?.passkeys ?? true} />
            <ExternalSection provider={entrance.data?.oidc?.name ?? null} />
          </>
        )}
      </Loaded>
    </Room>
  );
}
