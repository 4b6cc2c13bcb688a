'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { useState } from 'react';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { CheckMail } from './check-mail.tsx';
import { EntranceLoading } from './entrance-loading.tsx';
import { Entrance } from './entrance.tsx';
import { SignUpForm } from './sign-up-form.tsx';
import { useLinkToken } from './use-link-token.ts';

/** Who may make an account here is the operator's choice; this page says so before anybody types. */
export function SignUpPage() {
  const t = useTranslations();
  const locale = useLocale();
  const trpc = useTRPC();
  const token = useLinkToken();
  const [waitsForMail, setWaitsForMail] = useState<string | null>(null);
  const entrance = useQuery(trpc.account.entrance.queryOptions());
  const isInvited = token !== null && token !== '';
  const invitation = useQuery(
    trpc.invitations.look.queryOptions({ token: token ?? '' }, { enabled: isInvited, retry: false, staleTime: 60_000 }),
  );
  const failed = entrance.isError ? entrance : isInvited && invitation.isError ? invitation : null;
  if (failed) {
    const code = codeOf(failed.error);
    const isOver = code === 'GONE' || code === 'BAD_REQUEST' || code === 'NOT_FOUND';
    return (
      <Entrance title={t('auth.signUpTitle')}>
        <Note tone="error" title={isOver ? t('auth.invitationOver') : t(`error.${code}`)}>
          {isOver ? t('auth.invitationOverText') : null}
        </Note>
        {isOver ? (
          <ToSignIn />
        ) : (
          <Button className="mt-5" size="large" onClick={() => void failed.refetch()}>
            {t('auth.again')}
          </Button>
        )}
      </Entrance>
    );
  }
  if (token === null || !entrance.data || (isInvited && !invitation.data))
    return <EntranceLoading title={t('auth.signUpTitle')} />;
  const { signUp } = entrance.data;
  if (waitsForMail !== null) return <CheckMail email={waitsForMail} />;
  if (signUp === 'closed' || (signUp === 'invitation' && !isInvited)) {
    return (
      <Entrance title={t('auth.signUpTitle')}>
        <Note title={t(signUp === 'closed' ? 'auth.closed' : 'auth.byInvitation')}>
          {t(signUp === 'closed' ? 'auth.closedText' : 'auth.byInvitationText')}
        </Note>
        <ToSignIn />
      </Entrance>
    );
  }
  const view = invitation.data;
  const until = view
    ? new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(view.expiresAt))
    : '';
  return (
    <Entrance
      title={t('auth.signUpTitle')}
      {...(view ? { text: t('auth.invitedBy', { name: view.invitedBy, until }) } : {})}
    >
      <SignUpForm invitation={isInvited ? token : null} email={view?.email ?? null} onMail={setWaitsForMail} />
    </Entrance>
  );
}

function ToSignIn() {
  const t = useTranslations('auth');
  return (
    <Button asChild size="large" className="mt-5">
      <Link href="/login">{t('signIn')}</Link>
    </Button>
  );
}
