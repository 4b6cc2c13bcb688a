'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { FormProvider, useForm, useWatch } from 'react-hook-form';

import type { CameraInput } from '#server/contracts/camera.ts';

import { handOverCamera } from '../../_lib/camera-hand-over.ts';
import { Button } from '../../_ui/button.tsx';
import { DoctorPanel } from './doctor-panel.tsx';
import { ChoicePart, TextPart } from './form-parts.tsx';
import { doctorInputOf, emptyForm, formSchema, takesCredentials, type FormValues } from './form-values.ts';
import { guessKind } from './guess-kind.ts';
import { useDraft } from './use-draft.ts';

const kinds = ['rtsp', 'hls', 'snapshot', 'mjpeg', 'mpegts', 'srt', 'file'] as const;

/** One address, looked at before anything is saved; the camera's own form takes it from there. */
export function QuickCheck() {
  const t = useTranslations();
  const router = useRouter();
  const form = useForm<FormValues, unknown, CameraInput>({
    resolver: zodResolver(formSchema(false)),
    defaultValues: emptyForm,
  });
  useDraft(form, 'welcome', emptyForm);
  const values = useWatch({ control: form.control, compute: (now: FormValues) => now });
  const goOn = async () => {
    if (!(await form.trigger('address', { shouldFocus: true }))) return;
    const { kind, address, user, password } = form.getValues();
    handOverCamera({ kind, address, user, password });
    router.push('/cameras/new');
  };
  return (
    <FormProvider {...form}>
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void goOn();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-[1fr_9rem]">
          <TextPart
            name="address"
            label={t('form.address')}
            help={t(`form.addressHelp.${values.kind}`)}
            inputMode="url"
            onInput={(event) => form.setValue('kind', guessKind(event.currentTarget.value))}
          />
          <ChoicePart
            name="kind"
            label={t('form.kind')}
            choices={kinds.map((value) => ({ value, word: t(`kind.${value}`) }))}
          />
        </div>
        {takesCredentials(values.kind) ? (
          <div className="grid grid-cols-2 gap-4">
            <TextPart name="user" label={t('form.user')} isOptional />
            <TextPart
              name="password"
              label={t('form.password')}
              type="password"
              autoComplete="new-password"
              isOptional
            />
          </div>
        ) : null}
        <DoctorPanel
          input={doctorInputOf(values, null)}
          onBefore={() => form.trigger('address', { shouldFocus: true })}
        />
        <div>
          <Button type="submit" className="max-md:h-11">
            {t('welcome.checkContinue')}
          </Button>
        </div>
      </form>
    </FormProvider>
  );
}
