'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { toast } from 'sonner';

import type { Profile } from '#server/contracts/account.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { ConfirmDialog } from '../../_ui/confirm-dialog.tsx';
import { useProved } from './proof.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { Section } from './room.tsx';
import { TotpSetup } from './totp-setup.tsx';
import { useFailedToast } from './use-failed-toast.ts';
import { useProfileCache } from './use-profile-cache.ts';

/** Few enough that new ones should be made. */
const fewCodes = 3;

type Stage =
  | { at: 'rest' }
  | { at: 'setup'; secret: string; uri: string }
  | { at: 'codes'; codes: string[] }
  | { at: 'renewing' }
  | { at: 'ending' };

export function SecondFactorSection({ profile }: { profile: Profile }) {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const proved = useProved();
  const cache = useProfileCache();
  const fail = useFailedToast();
  const [stage, setStage] = useState<Stage>({ at: 'rest' });
  const rest = () => setStage({ at: 'rest' });
  const setup = useMutation(trpc.identity.totpSetup.mutationOptions());
  const renew = useMutation(trpc.identity.recoveryCodes.mutationOptions());
  const end = useMutation(trpc.identity.totpOff.mutationOptions());
  const { on, recoveryCodesLeft } = profile.secondFactor;

  const begin = () =>
    proved(() => setup.mutateAsync())
      .then((made) => setStage({ at: 'setup', ...made }))
      .catch(fail);
  const renewCodes = async () => {
    rest();
    try {
      const { codes } = await proved(() => renew.mutateAsync({}));
      setStage({ at: 'codes', codes });
      await cache.ask();
    } catch (error) {
      fail(error);
    }
  };
  const turnOff = async () => {
    rest();
    try {
      await proved(() => end.mutateAsync({}));
      await cache.ask();
      toast(t('totpEnded'));
    } catch (error) {
      fail(error);
    }
  };
  const state = on ? t('totpOn', { left: recoveryCodesLeft }) : t('totpOff');
  return (
    <Section
      title={t('totp')}
      text={
        <>
          {state}
          {on && recoveryCodesLeft <= fewCodes ? <span className="block text-delayed">{t('fewCodes')}</span> : null}
        </>
      }
      action={
        stage.at === 'setup' || stage.at === 'codes' ? null : on ? (
          <div className="flex flex-wrap gap-2">
            <Button className="max-md:h-11" disabled={renew.isPending} onClick={() => setStage({ at: 'renewing' })}>
              {t('newCodes')}
            </Button>
            <Button
              tone="danger"
              className="max-md:h-11"
              disabled={end.isPending}
              onClick={() => setStage({ at: 'ending' })}
            >
              {t('turnOff')}
            </Button>
          </div>
        ) : (
          <Button className="max-md:h-11" disabled={setup.isPending} onClick={() => void begin()}>
            {t('setUp')}
          </Button>
        )
      }
    >
      {stage.at === 'setup' ? (
        <TotpSetup
          secret={stage.secret}
          uri={stage.uri}
          onClose={rest}
          onDone={(codes) => {
            setStage({ at: 'codes', codes });
            void cache.ask();
          }}
        />
      ) : null}
      {stage.at === 'codes' ? <RecoveryCodes codes={stage.codes} onClose={rest} /> : null}
      {stage.at === 'renewing' ? (
        <ConfirmDialog
          title={t('renewTitle')}
          text={t('renewText')}
          action={t('newCodes')}
          isBusy={renew.isPending}
          onConfirm={() => void renewCodes()}
          onClose={rest}
        />
      ) : null}
      {stage.at === 'ending' ? (
        <ConfirmDialog
          title={t('turnOffTitle')}
          text={t('turnOffText')}
          action={t('turnOff')}
          isBusy={end.isPending}
          onConfirm={() => void turnOff()}
          onClose={rest}
        />
      ) : null}
    </Section>
  );
}
