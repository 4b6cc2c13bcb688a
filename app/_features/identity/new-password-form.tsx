'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useForm, useWatch } from 'react-hook-form';
import type { z } from 'zod';

import { resetInput } from '#server/contracts/account.ts';

import { faultDetails } from '../../_lib/auth-client-fault.ts';
import { forgetPerson } from '../../_lib/auth-client.ts';
import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { NewPasswordField } from '../../_ui/new-password-field.tsx';
import { Note } from '../../_ui/note.tsx';
import { Entrance } from './entrance.tsx';

/** Sets the next password by the token of a link. Signs nobody in. */
export function NewPasswordForm({ token, title, text }: { token: string; title: string; text: string }) {
  const t = useTranslations('auth');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const sentence = useFaultSentence();
  // Every session ended, this browser's too.
  const reset = useMutation(trpc.account.reset.mutationOptions({ onSuccess: () => forgetPerson(queryClient) }));
  const form = useForm<z.infer<typeof resetInput>>({
    resolver: zodResolver(resetInput),
    defaultValues: { token, password: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const password = useWatch({ control: form.control, name: 'password' });
  const submit = form.handleSubmit(async (input) => {
    try {
      await reset.mutateAsync(input);
    } catch (error) {
      const message = sentence.ofError(error);
      if (faultDetails(error).fields.includes('password'))
        form.setError('password', { type: 'server', message }, { shouldFocus: true });
      else form.setError('root', { type: codeOf(error), message });
    }
  });
  if (reset.isSuccess)
    return (
      <Entrance title={t('resetDone')} text={t('resetDoneText')}>
        <Button asChild tone="signal" size="large" className="w-full">
          <Link href="/login">{t('signIn')}</Link>
        </Button>
      </Entrance>
    );
  const isOver = errors.root?.type === 'GONE' || errors.token !== undefined;
  return (
    <Entrance title={title} text={text}>
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <NewPasswordField
          label={t('newPassword')}
          value={password}
          error={errors.password}
          field={form.register('password')}
        />
        <div role="alert">
          {isOver ? (
            <Note tone="error" title={t('linkOverTitle')}>
              {t('linkOverText')}{' '}
              <Link href="/password-reset" className="text-text underline">
                {t('askAgain')}
              </Link>
            </Note>
          ) : errors.root ? (
            <Note tone="error" title={errors.root.message ?? ''} />
          ) : null}
        </div>
        <Button type="submit" tone="signal" size="large" disabled={isSubmitting}>
          {t(isSubmitting ? 'working' : 'setPassword')}
        </Button>
      </form>
    </Entrance>
  );
}
