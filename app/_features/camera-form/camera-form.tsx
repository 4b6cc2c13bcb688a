'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';

import type { CameraForOwner, CameraInput } from '#server/contracts/camera.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { DoctorPanel } from './doctor-panel.tsx';
import { doctorInputOf, emptyForm, formSchema, valuesOf, type FormValues } from './form-values.ts';
import { MaskSection } from './mask-section.tsx';
import { CreditSection, KeepSection, PlaceSection } from './other-sections.tsx';
import { SourceSection } from './source-section.tsx';
import { useCameraDeletion } from './use-camera-deletion.ts';
import { forgetDraft, useDraft } from './use-draft.ts';

/** What must be right before a source can be looked at. */
const sourceFields = ['address', 'interval', 'width', 'height', 'fps', 'gop'] as const;

function DeleteButton({ camera }: { camera: CameraForOwner }) {
  const t = useTranslations('form');
  const { remove, isPending } = useCameraDeletion(camera);
  return (
    <Button tone="danger" className="ml-auto" disabled={isPending} onClick={remove}>
      <Trash2 aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('delete')}
    </Button>
  );
}

/** A camera to be added, or one that is there to be changed. */
export function CameraForm({ stored }: { stored: CameraForOwner | null }) {
  const t = useTranslations();
  const router = useRouter();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const initial = useMemo(() => (stored ? valuesOf(stored) : emptyForm), [stored]);
  const draftName = stored?.id ?? 'new';
  const form = useForm<FormValues, unknown, CameraInput>({
    resolver: zodResolver(formSchema(stored !== null)),
    defaultValues: initial,
  });
  const draft = useDraft(form, draftName, initial);
  const values = useWatch({ control: form.control, compute: (now: FormValues) => now });
  const create = useMutation(trpc.cameras.create.mutationOptions());
  const update = useMutation(trpc.cameras.update.mutationOptions());
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (input) => {
    try {
      const saved = stored
        ? await update.mutateAsync({ id: stored.id, patch: input })
        : await create.mutateAsync(input);
      forgetDraft(draftName);
      await queryClient.invalidateQueries(trpc.cameras.pathFilter());
      toast(t('form.saved', { name: saved.name }));
      router.push(`/cameras/${saved.id}`);
    } catch (error) {
      form.setError('root', { message: t('form.failed', { message: t(`error.${codeOf(error)}`) }) });
    }
  });

  return (
    <FormProvider {...form}>
      <div className="relative mx-auto w-full max-w-6xl px-4 md:px-7">
        <form noValidate onSubmit={(event) => void submit(event)} className="mx-auto max-w-xl xl:mx-0">
          <header className="min-h-16 pt-5 pb-4">
            <h1 className="text-20 font-semibold">{t(stored ? 'form.editTitle' : 'form.newTitle')}</h1>
            {draft.wasRestored ? (
              <p className="text-13 text-quiet">
                {t('form.draft')}{' '}
                <button type="button" onClick={draft.discard} className="rounded-[4px] text-text underline">
                  {t('form.discard')}
                </button>
              </p>
            ) : null}
          </header>
          <SourceSection stored={stored} />
          {/* Beside the fields where there is room, below the source's where there is not. */}
          <div className="pb-8 xl:absolute xl:inset-y-0 xl:right-7 xl:w-96 xl:pb-0">
            <div className="xl:sticky xl:top-0 xl:max-h-dvh xl:overflow-y-auto xl:px-1 xl:pt-20 xl:pb-8">
              <DoctorPanel
                input={doctorInputOf(values, stored?.id ?? null)}
                onBefore={() => form.trigger(sourceFields, { shouldFocus: true })}
              />
            </div>
          </div>
          <PlaceSection />
          <KeepSection />
          {stored ? <MaskSection stored={stored} /> : null}
          <CreditSection />
          <div role="alert">
            {errors.root ? <Note tone="error" className="mb-4" title={errors.root.message ?? ''} /> : null}
          </div>
          <div className="sticky bottom-12 flex flex-wrap gap-3 border-t border-line bg-ground py-4 md:bottom-0">
            <Button type="submit" tone="signal" disabled={isSubmitting}>
              {t(isSubmitting ? 'form.saving' : stored ? 'form.saveChanges' : 'form.save')}
            </Button>
            <Button asChild tone="plain">
              <Link href={stored ? `/cameras/${stored.id}` : '/'}>{t('form.cancel')}</Link>
            </Button>
            {stored ? <DeleteButton camera={stored} /> : null}
          </div>
        </form>
      </div>
    </FormProvider>
  );
}
