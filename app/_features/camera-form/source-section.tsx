'use client';

import { useTranslations } from 'next-intl';
import { useFormContext } from 'react-hook-form';

import { cameraKinds, syntheticScene, type CameraForOwner } from '#server/contracts/camera.ts';

import { ChoicePart, FormSection, TextPart } from './form-parts.tsx';
import { takesCredentials, type FormValues } from './form-values.ts';

function SyntheticParts() {
  const t = useTranslations('form');
  return (
    <>
      <ChoicePart
        name="scene"
        label={t('scene')}
        choices={syntheticScene.options.map((scene) => ({ value: scene, word: t(`scenes.${scene}`) }))}
      />
      <div className="grid grid-cols-2 gap-4">
        <TextPart name="width" label={t('width')} inputMode="numeric" unit="px" />
        <TextPart name="height" label={t('height')} inputMode="numeric" unit="px" />
        <TextPart name="fps" label={t('fps')} inputMode="decimal" unit="fps" />
        <TextPart name="gop" label={t('gop')} inputMode="decimal" unit={t('seconds')} />
      </div>
    </>
  );
}

function Kinds() {
  const t = useTranslations();
  const { register, watch } = useFormContext<FormValues>();
  const kind = watch('kind');
  return (
    <div role="radiogroup" aria-label={t('form.kind')} className="grid gap-2">
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
        {cameraKinds.map((choice) => (
          <label
            key={choice}
            className="relative flex h-9 cursor-pointer items-center justify-center rounded-control border border-line-strong px-2 text-13 transition-colors hover:bg-hover has-checked:border-signal has-checked:bg-signal-wash has-checked:text-signal has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-signal"
          >
            <input
              type="radio"
              value={choice}
              className="absolute inset-0 cursor-pointer opacity-0"
              {...register('kind')}
            />
            {t(`kind.${choice}`)}
          </label>
        ))}
      </div>
      <p className="text-12 text-quiet">{t(`form.kindHelp.${kind}`)}</p>
    </div>
  );
}

/** Where the picture comes from; the fields follow the kind. */
export function SourceSection({ stored }: { stored: CameraForOwner | null }) {
  const t = useTranslations('form');
  const { register, watch } = useFormContext<FormValues>();
  const kind = watch('kind');
  const isKept = stored !== null && stored.kind === kind && stored.addressHint !== null;
  return (
    <FormSection title={t('sourceSection')}>
      <Kinds />
      {kind === 'synthetic' ? (
        <SyntheticParts />
      ) : (
        <TextPart
          name="address"
          label={t('address')}
          inputMode="url"
          help={isKept ? t('addressKept', { address: stored.addressHint ?? '' }) : t(`addressHelp.${kind}`)}
        />
      )}
      {kind === 'hls' ? (
        <TextPart name="stillUrl" label={t('stillUrl')} help={t('stillUrlHelp')} inputMode="url" isOptional />
      ) : null}
      {takesCredentials(kind) ? (
        <div>
          <div className="grid grid-cols-2 gap-4">
            <TextPart name="user" label={t('user')} isOptional />
            <TextPart name="password" label={t('password')} type="password" autoComplete="new-password" isOptional />
          </div>
          <p className="pt-1 text-12 text-quiet">
            {isKept && stored.hasCredentials ? t('credentialsKept') : t('credentialsHelp')}
          </p>
        </div>
      ) : null}
      <div className="grid grid-cols-2 gap-4">
        {kind === 'rtsp' ? (
          <ChoicePart
            name="transport"
            label={t('transport')}
            choices={(['auto', 'tcp', 'udp'] as const).map((value) => ({ value, word: t(`transports.${value}`) }))}
          />
        ) : null}
        {kind === 'snapshot' ? (
          <TextPart name="interval" label={t('interval')} inputMode="decimal" unit={t('seconds')} />
        ) : null}
        <ChoicePart
          name="ingest"
          label={t('ingest')}
          choices={(['always', 'onDemand'] as const).map((value) => ({ value, word: t(`ingests.${value}`) }))}
        />
      </div>
      {['rtsp', 'hls', 'mpegts', 'srt', 'file'].includes(kind) ? (
        <label className="flex items-start gap-3">
          <input type="checkbox" className="mt-1 size-4 accent-signal" {...register('transcode')} />
          <span>
            <span className="text-13 font-medium">{t('transcode')}</span>
            <span className="block text-12 text-quiet">{t('transcodeHelp')}</span>
          </span>
        </label>
      ) : null}
    </FormSection>
  );
}
