'use client';

import { KeyRound, LogIn } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { z } from 'zod';

import type { entranceState } from '#server/contracts/account.ts';

import { signInByOidc, type SignInOutcome } from '../../_lib/auth-client.ts';
import { Button } from '../../_ui/button.tsx';
import { usePasskeySignIn } from './use-passkey-sign-in.ts';

/** Ways in without a password. Nothing is shown of what this house or this browser has not. */
export function OtherWays({
  entrance,
  returnTo,
  onOutcome,
}: {
  entrance: z.infer<typeof entranceState> | undefined;
  returnTo: string;
  onOutcome: (outcome: SignInOutcome) => void;
}) {
  const t = useTranslations('auth');
  const [isLeaving, setIsLeaving] = useState(false);
  const passkey = usePasskeySignIn({ isOn: entrance?.passkeys ?? false, onOutcome });
  const { oidc } = entrance ?? { oidc: null };
  if (!passkey.canAsk && !oidc) return null;
  const leave = () => {
    setIsLeaving(true);
    signInByOidc(returnTo).catch(() => {
      setIsLeaving(false);
      onOutcome({ kind: 'failed' });
    });
  };
  return (
    <div className="mt-5 flex flex-col gap-3 border-t border-line pt-5">
      {passkey.canAsk ? (
        <Button size="large" disabled={passkey.isAsking} onClick={() => void passkey.ask()}>
          <KeyRound aria-hidden="true" strokeWidth={1.5} className="size-4" />
          {t(passkey.isAsking ? 'passkeyAsking' : 'passkeySignIn')}
        </Button>
      ) : null}
      {oidc ? (
        <Button size="large" disabled={isLeaving} onClick={leave}>
          <LogIn aria-hidden="true" strokeWidth={1.5} className="size-4" />
          {t('oidcSignIn', { name: oidc.name })}
        </Button>
      ) : null}
    </div>
  );
}
