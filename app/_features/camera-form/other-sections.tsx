'use client';

import { useTranslations } from 'next-intl';
import type { ClipboardEvent } from 'react';
import { useFormContext } from 'react-hook-form';

import { ladderMode, visibility } from '#server/contracts/camera.ts';

import { ChoicePart, FormSection, TextPart } from './form-parts.tsx';
import type { FormValues } from './form-values.ts';

export function PlaceSection() {
  const t = useTranslations('form');
  const { setValue } = useFormContext<FormValues>();
  const pasteBoth = (event: ClipboardEvent) => {
    const both = /^\s*(-?\d+(?:\.\d+)?)[\s,]+(-?\d+(?:\.\d+)?)\s*$/.exec(event.clipboardData.getData('text'));
    if (!both) return;
    event.preventDefault();
    setValue('latitude', both[1] ?? '', { shouldDirty: true, shouldValidate: true });
    setValue('longitude', both[2] ?? '', { shouldDirty: true, shouldValidate: true });
  };
  return (
    <FormSection title={t('nameSection')}>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextPart name="name" label={t('name')} />
        <TextPart name="nameJa" label={t('nameJa')} isOptional lang="ja" />
        <TextPart name="place" label={t('place')} isOptional />
        <TextPart name="placeJa" label={t('placeJa')} isOptional lang="ja" />
      </div>
      <div>
        <div className="grid grid-cols-2 gap-4">
          <TextPart name="latitude" label={t('latitude')} inputMode="decimal" unit="°" onPaste={pasteBoth} />
          <TextPart name="longitude" label={t('longitude')} inputMode="decimal" unit="°" />
        </div>
        <p className="text-12 text-quiet">{t('coordinatesHelp')}</p>
      </div>
      <div className="grid grid-cols-2 gap-4">
        <TextPart name="bearing" label={t('bearing')} help={t('bearingHelp')} inputMode="decimal" unit="°" isOptional />
      </div>
    </FormSection>
  );
}

export function KeepSection() {
  const t = useTranslations('form');
  const { watch } = useFormContext<FormValues>();
  const [record, ladder] = watch(['record', 'ladder']);
  return (
    <FormSection title={t('keepSection')}>
      <div className="grid grid-cols-2 gap-4">
        <ChoicePart
          name="visibility"
          label={t('visibility')}
          choices={visibility.options
            .filter((choice) => choice === 'public' || choice === 'unlisted' || choice === 'private')
            .map((choice) => ({ value: choice, word: t(`visibilities.${choice}`) }))}
        />
        <ChoicePart
          name="record"
          label={t('record')}
          choices={(['always', 'off'] as const).map((value) => ({ value, word: t(`records.${value}`) }))}
        />
      </div>
      {record === 'always' ? (
        <div className="grid grid-cols-2 gap-4">
          <TextPart name="days" label={t('days')} inputMode="decimal" unit={t('daysUnit')} />
          <TextPart
            name="gigabytes"
            label={t('gigabytes')}
            help={t('gigabytesHelp')}
            inputMode="decimal"
            unit={t('gigabytesUnit')}
            isOptional
          />
        </div>
      ) : null}
      <ChoicePart
        name="ladder"
        label={t('ladder')}
        help={t(`ladderHelp.${ladder}`)}
        choices={ladderMode.options.map((value) => ({ value, word: t(`ladders.${value}`) }))}
      />
    </FormSection>
  );
}

export function CreditSection() {
  const t = useTranslations('form');
  return (
    <FormSection title={t('creditSection')}>
      <TextPart name="attribution" label={t('attribution')} isOptional />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextPart name="licence" label={t('licence')} placeholder="CC BY 4.0" isOptional />
        <TextPart name="attributionUrl" label={t('attributionUrl')} inputMode="url" placeholder="https://" isOptional />
      </div>
    </FormSection>
  );
}
