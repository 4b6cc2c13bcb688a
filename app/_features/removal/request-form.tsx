'use client';

import { useMutation } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent } from 'react';
import { z } from 'zod';

import type { CameraView } from '#server/contracts/camera.ts';
import { pictureRegions } from '#server/contracts/picture-region.ts';
import { removalInput, removalKind } from '#server/contracts/removal.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { localName, localPlace } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useKeptState } from '../../_lib/use-kept-state.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextArea, TextInput } from '../../_ui/field.tsx';
import { LivingThumbnail } from '../../_ui/living-thumbnail.tsx';
import { Note } from '../../_ui/note.tsx';
import { RegionEditor } from '../../_ui/region-editor.tsx';

const draft = z.object({
  kind: removalKind,
  name: z.string(),
  email: z.string(),
  reason: z.string(),
  regions: pictureRegions,
});
type Draft = z.infer<typeof draft>;
const empty: Draft = { kind: 'mask', name: '', email: '', reason: '', regions: [] };
type FieldName = keyof Draft;
const fieldNames: readonly string[] = Object.keys(empty);
const isField = (name: string): name is FieldName => fieldNames.includes(name);

const kindClass =
  'relative flex min-h-11 cursor-pointer flex-col justify-center rounded-control border border-line-strong px-3 py-2 transition-colors hover:bg-hover has-checked:border-signal has-checked:bg-signal-wash has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-signal';

/** Anybody asks that a camera be taken down or that part of its picture be painted over. */
export function RequestForm({ camera }: { camera: CameraView }) {
  const t = useTranslations();
  const locale = useLocale();
  const router = useRouter();
  const trpc = useTRPC();
  const { value, set, forget, wasRestored } = useKeptState(`removal-draft:${camera.id}`, draft, empty);
  const [website, setWebsite] = useState('');
  const [faults, setFaults] = useState<Partial<Record<FieldName, string>>>({});
  const send = useMutation(trpc.removals.request.mutationOptions());
  const change = (part: Partial<Draft>) => {
    set({ ...value, ...part });
    setFaults((before) => ({ ...before, ...Object.fromEntries(Object.keys(part).map((name) => [name, undefined])) }));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = removalInput.safeParse({
      ...value,
      regions: value.kind === 'mask' ? value.regions : [],
      cameraId: camera.id,
      website,
    });
    if (!parsed.success) {
      const names = parsed.error.issues.map((issue) => String(issue.path[0])).filter(isField);
      setFaults(Object.fromEntries(names.map((name) => [name, t(`removal.error.${name}`)])));
      const first = names[0];
      if (first) document.getElementsByName(first)[0]?.focus();
      return;
    }
    try {
      const receipt = await send.mutateAsync(parsed.data);
      forget();
      router.replace(`/removals/${receipt.id}?key=${encodeURIComponent(receipt.key)}`);
    } catch {
      // The mutation keeps the error, and the form says it.
    }
  };
  const place = localPlace(camera, locale);
  return (
    <div className="mx-auto w-full max-w-xl px-4 pb-12 md:px-7">
      <header className="pt-5 pb-5">
        <h1 className="text-20 font-semibold">{t('removal.newTitle')}</h1>
        <p className="text-quiet">
          <Link href={`/cameras/${camera.id}`} className="rounded-[4px] text-text underline">
            {localName(camera, locale)}
          </Link>
          {place ? ` · ${place}` : ''}
        </p>
        <p className="pt-2 text-13 text-quiet">{t('removal.newText')}</p>
        {wasRestored ? (
          <p className="pt-2 text-13 text-quiet">
            {t('form.draft')}{' '}
            <button type="button" onClick={forget} className="rounded-[4px] text-text underline">
              {t('form.discard')}
            </button>
          </p>
        ) : null}
      </header>
      <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-5">
        <fieldset>
          <legend className="pb-1 text-13 font-medium">{t('removal.what')}</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {removalKind.options.toReversed().map((kind) => (
              <label key={kind} className={kindClass}>
                <input
                  type="radio"
                  name="kind"
                  checked={value.kind === kind}
                  onChange={() => change({ kind })}
                  className="absolute inset-0 cursor-pointer opacity-0"
                />
                <span className="text-13 font-medium">{t(`removal.kind.${kind}`)}</span>
                <span className="text-12 text-quiet">{t(`removal.kindHelp.${kind}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        {value.kind === 'mask' ? (
          <section aria-label={t('removal.regions')}>
            <h2 className="pb-2 text-13 font-medium">{t('removal.regions')}</h2>
            <RegionEditor regions={value.regions} onChange={(regions) => change({ regions })} error={faults.regions}>
              <LivingThumbnail
                url={camera.playback.thumbnail}
                alt={t('removal.picture', { name: localName(camera, locale) })}
                missing={t('regions.noPicture')}
                intervalMs={10_000}
              />
            </RegionEditor>
          </section>
        ) : null}
        <Field label={t('removal.reason')} help={t('removal.reasonHelp')} error={faults.reason}>
          {(control) => (
            <TextArea
              {...control}
              name="reason"
              maxLength={4000}
              value={value.reason}
              onChange={(event) => change({ reason: event.target.value })}
            />
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('removal.name')} error={faults.name}>
            {(control) => (
              <TextInput
                {...control}
                name="name"
                autoComplete="name"
                className="max-md:h-11"
                value={value.name}
                onChange={(event) => change({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('removal.email')} help={t('removal.emailHelp')} error={faults.email}>
            {(control) => (
              <TextInput
                {...control}
                name="email"
                type="email"
                autoComplete="email"
                className="max-md:h-11"
                value={value.email}
                onChange={(event) => change({ email: event.target.value })}
              />
            )}
          </Field>
        </div>
        {/* Nobody sees or reaches it; a machine that fills in forms does. */}
        <div aria-hidden="true" className="absolute -left-[9999px] size-px overflow-hidden">
          <input
            tabIndex={-1}
            name="website"
            autoComplete="off"
            value={website}
            onChange={(event) => setWebsite(event.target.value)}
          />
        </div>
        <div role="alert">
          {send.isError ? (
            <Note tone="error" title={t('removal.failed')}>
              {codeOf(send.error) === 'TOO_MANY_REQUESTS' ? t('removal.tooMany') : t(`error.${codeOf(send.error)}`)}
            </Note>
          ) : null}
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" tone="signal" size="large" disabled={send.isPending}>
            {t(send.isPending ? 'removal.sending' : 'removal.send')}
          </Button>
          <p className="min-w-0 basis-60 grow text-12 text-quiet">{t('removal.privacy')}</p>
        </div>
      </form>
    </div>
  );
}
