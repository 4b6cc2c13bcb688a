'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Entrance } from './entrance.tsx';
import { LinkPage } from './link-page.tsx';
import { NewPasswordForm } from './new-password-form.tsx';
import { ResendConfirmation } from './resend-confirmation.tsx';

/** Where to go on: in, for who is signed in. */
function GoOn() {
  const t = useTranslations('auth');
  const trpc = useTRPC();
  const { data: me } = useQuery(trpc.identity.me.queryOptions());
  return (
    <Button asChild tone="signal" size="large" className="w-full">
      <Link href={me ? '/account' : '/login'}>{t(me ? 'toAccount' : 'signIn')}</Link>
    </Button>
  );
}

export function ConfirmEmailPage() {
  const t = useTranslations('auth');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const work = useMutation(
    trpc.account.confirmEmail.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  );
  return (
    <LinkPage
      title={t('confirmTitle')}
      text={t('confirmText')}
      action={t('confirm')}
      work={work}
      done={
        <Entrance title={t('confirmedTitle')} text={t('confirmedText')}>
          <GoOn />
        </Entrance>
      }
      over={<ResendConfirmation email={null} />}
    />
  );
}

export function ConfirmNewEmailPage() {
  const t = useTranslations('auth');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const work = useMutation(
    trpc.account.confirmChange.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  );
  return (
    <LinkPage
      title={t('newEmailTitle')}
      text={t('newEmailText')}
      action={t('newEmailConfirm')}
      work={work}
      done={
        <Entrance title={t('newEmailDone')} text={t('newEmailDoneText')}>
          <GoOn />
        </Entrance>
      }
      over={<GoOn />}
    />
  );
}

/** The password is gone with whoever changed the address, so the next one is set at once. */
export function UndoNewEmailPage() {
  const t = useTranslations('auth');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const work = useMutation(
    trpc.account.undoChange.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  );
  return (
    <LinkPage
      title={t('undoTitle')}
      text={t('undoText')}
      action={t('undo')}
      work={work}
      done={<NewPasswordForm token={work.data?.resetToken ?? ''} title={t('undone')} text={t('undoneText')} />}
      over={<GoOn />}
    />
  );
}
