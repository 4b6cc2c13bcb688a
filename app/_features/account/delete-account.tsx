'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';

import type { Profile } from '#server/contracts/account.ts';

import { faultDetails } from '../../_lib/auth-client-fault.ts';
import { dropCookie, forgetPerson } from '../../_lib/auth-client.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Note } from '../../_ui/note.tsx';
import { isWithheld, useProved } from './proof.tsx';

/** For good, so the person's own address is typed first. */
export function DeleteAccount({ profile }: { profile: Profile }) {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const proved = useProved();
  const sentence = useFaultSentence();
  const [isOpen, setIsOpen] = useState(false);
  const remove = useMutation(trpc.account.deleteAccount.mutationOptions());
  const form = useForm<{ email: string }>({ defaultValues: { email: '' } });
  const { errors, isSubmitting } = form.formState;
  const isOwn = (typed: string) => typed.trim().toLowerCase() === profile.email.toLowerCase();
  const submit = form.handleSubmit(async ({ email }) => {
    try {
      await proved(() => remove.mutateAsync({ email: email.trim(), proof: {} }));
      // The session ended with the account; the cookie goes as well.
      await dropCookie();
      await forgetPerson(queryClient);
      toast(t('deleted'));
      router.replace('/');
      router.refresh();
    } catch (error) {
      if (!isWithheld(error))
        form.setError('root', { type: faultDetails(error).reason ?? 'other', message: sentence.ofError(error) });
    }
  });
  if (!isOpen) {
    return (
      <Button tone="danger" className="max-md:h-11" onClick={() => setIsOpen(true)}>
        <Trash2 aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('delete')}
      </Button>
    );
  }
  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="grid max-w-md gap-4 border-l-2 border-error pl-4"
    >
      <Field
        label={t('deleteType', { email: profile.email })}
        help={t('deleteHelp')}
        error={errors.email ? t('errorOwnEmail') : undefined}
      >
        {(control) => (
          <TextInput type="email" autoComplete="off" {...control} {...form.register('email', { validate: isOwn })} />
        )}
      </Field>
      <div role="alert" className="empty:hidden">
        {errors.root ? (
          <Note tone="error" title={errors.root.message ?? ''}>
            {errors.root.type === 'lastOwner' ? t('lastOwnerText') : null}
          </Note>
        ) : null}
      </div>
      <div className="flex gap-2">
        <Button type="submit" tone="danger" className="max-md:h-11" disabled={isSubmitting}>
          {t(isSubmitting ? 'deleting' : 'deleteNow')}
        </Button>
        <Button tone="plain" className="max-md:h-11" onClick={() => setIsOpen(false)}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}
