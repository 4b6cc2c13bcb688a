'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Controller, useForm, useWatch } from 'react-hook-form';
import type { z } from 'zod';

import type { keyMade } from '#server/contracts/access.ts';
import { displayName } from '#server/contracts/identity.ts';
import type { PermissionPattern } from '#server/contracts/permissions.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, Select, TextInput } from '../../_ui/field.tsx';
import { Note } from '../../_ui/note.tsx';
import { CameraPicker, type PickedCamera } from './camera-picker.tsx';
import { Choice } from './choice.tsx';
import { PermissionPicker } from './permission-picker.tsx';
import { isWithheld, useProved } from './proof.tsx';
import { useMoments } from './use-moments.ts';

const expiries = ['7', '30', '90', '365', 'never'] as const;
const dayMs = 86_400_000;

interface Values {
  name: string;
  extent: 'chosen' | 'all';
  permissions: PermissionPattern[];
  objects: 'all' | 'cameras';
  cameras: PickedCamera[];
  expiry: (typeof expiries)[number];
}

const endOf = (expiry: Values['expiry'], now: number): string | null =>
  expiry === 'never' ? null : new Date(now + Number(expiry) * dayMs).toISOString();

/** A key is never worth more than its person: what it may is chosen from what they may. */
export function KeyForm({ onMade, onClose }: { onMade: (made: z.infer<typeof keyMade>) => void; onClose: () => void }) {
  const t = useTranslations('account');
  const { day } = useMoments();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const proved = useProved();
  const sentence = useFaultSentence();
  const [openedAt] = useState(Date.now);
  const { data: me } = useQuery(trpc.identity.me.queryOptions());
  const create = useMutation(trpc.keys.create.mutationOptions());
  const form = useForm<Values>({
    defaultValues: { name: '', extent: 'chosen', permissions: [], objects: 'all', cameras: [], expiry: '90' },
  });
  const { errors, isSubmitting } = form.formState;
  const [extent, objects, expiry] = useWatch({ control: form.control, name: ['extent', 'objects', 'expiry'] });
  const submit = form.handleSubmit(async (values) => {
    try {
      const made = await proved(() =>
        create.mutateAsync({
          name: values.name,
          permissions: values.extent === 'all' ? ['*'] : values.permissions,
          objects: values.objects === 'all' ? null : values.cameras.map(({ id }) => ({ type: 'camera', id })),
          expiresAt: endOf(values.expiry, Date.now()),
        }),
      );
      await queryClient.invalidateQueries(trpc.keys.pathFilter());
      onMade(made);
    } catch (error) {
      if (!isWithheld(error)) form.setError('root', { message: sentence.ofError(error) });
    }
  });
  const end = endOf(expiry, openedAt);
  return (
    <form noValidate aria-label={t('makeKey')} onSubmit={(event) => void submit(event)} className="grid gap-6">
      <Field
        label={t('keyName')}
        help={t('keyNameHelp')}
        error={errors.name ? t('errorName') : undefined}
        className="max-w-sm"
      >
        {(control) => (
          <TextInput
            autoComplete="off"
            maxLength={100}
            {...control}
            {...form.register('name', { validate: (name) => displayName.safeParse(name).success })}
          />
        )}
      </Field>
      <fieldset>
        <legend className="pb-1 text-13 font-medium">{t('keyMay')}</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          <Choice field={form.register('extent')} value="chosen" word={t('mayChosen')} help={t('mayChosenHelp')} />
          <Choice field={form.register('extent')} value="all" word={t('mayAll')} help={t('mayAllHelp')} />
        </div>
        {extent === 'chosen' ? (
          <div className="pt-4">
            <Controller
              control={form.control}
              name="permissions"
              rules={{ validate: (given, all) => all.extent === 'all' || given.length > 0 }}
              render={({ field }) => (
                <PermissionPicker held={me?.permissions ?? []} chosen={field.value} onChange={field.onChange} />
              )}
            />
            <p role="alert" className="pt-2 text-12 text-error empty:hidden">
              {errors.permissions ? t('errorPermissions') : null}
            </p>
          </div>
        ) : null}
      </fieldset>
      <fieldset>
        <legend className="pb-1 text-13 font-medium">{t('keyWhere')}</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          <Choice field={form.register('objects')} value="all" word={t('everything')} help={t('everythingHelp')} />
          <Choice
            field={form.register('objects')}
            value="cameras"
            word={t('someCameras')}
            help={t('someCamerasHelp')}
          />
        </div>
        {objects === 'cameras' ? (
          <div className="max-w-md pt-4">
            <Controller
              control={form.control}
              name="cameras"
              rules={{ validate: (given, all) => all.objects === 'all' || given.length > 0 }}
              render={({ field }) => (
                <CameraPicker
                  picked={field.value}
                  onChange={field.onChange}
                  error={errors.cameras ? t('errorCameras') : undefined}
                />
              )}
            />
          </div>
        ) : null}
      </fieldset>
      <Field
        label={t('keyEnds')}
        help={end === null ? t('keyNeverHelp') : t('keyEndsOn', { day: day(end) })}
        className="max-w-sm"
      >
        {(control) => (
          <Select {...control} {...form.register('expiry')}>
            {expiries.map((each) => (
              <option key={each} value={each}>
                {each === 'never' ? t('never') : t('days', { count: Number(each) })}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div role="alert" className="empty:hidden">
        {errors.root ? <Note tone="error" title={errors.root.message ?? ''} /> : null}
      </div>
      <div className="flex gap-2">
        <Button type="submit" tone="signal" className="max-md:h-11" disabled={isSubmitting}>
          {t(isSubmitting ? 'makingKey' : 'makeKey')}
        </Button>
        <Button tone="plain" className="max-md:h-11" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}
