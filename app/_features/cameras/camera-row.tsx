'use client';

import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { memo, type ReactNode } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { formatBitrate, formatDuration, formatRate, localName, localPlace, unknown } from '../../_lib/format.ts';
import { LivingThumbnail } from '../../_ui/living-thumbnail.tsx';
import { StateWord } from '../../_ui/state-word.tsx';
import { WithheldWord } from '../../_ui/withheld-word.tsx';
import { secondsBehind, stateOf, type MeasuredCamera } from './camera-facts.ts';

export const rowColumns =
  'md:grid-cols-[minmax(0,1fr)_8.5rem_4.5rem_4rem_6.5rem] lg:grid-cols-[minmax(0,1fr)_9.5rem_5rem_5rem_7rem_5.5rem]';

function Figure({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    <div className={cn('hidden justify-end md:flex', className)}>
      <dt className="sr-only">{label}</dt>
      <dd className="figure text-13 text-quiet">{children}</dd>
    </div>
  );
}

type CameraRowProps = MeasuredCamera & {
  isSelected: boolean;
  /** Why nobody else is shown it. */
  withheldReason: string | null;
  onSelect: (id: string) => void;
};

export const CameraRow = memo(function CameraRow(props: CameraRowProps) {
  const { camera, media, isSelected, withheldReason, onSelect } = props;
  const t = useTranslations('cameras');
  const locale = useLocale();
  const { state, reason } = stateOf({ camera, media });
  const name = localName(camera, locale);
  const behindMs = secondsBehind({ camera, media });
  const { recordPolicy } = camera;
  return (
    <li
      data-camera={camera.id}
      data-selected={isSelected || undefined}
      onPointerDown={() => onSelect(camera.id)}
      className={cn(
        'relative border-b border-line transition-colors duration-150 hover:bg-hover',
        isSelected &&
          'md:bg-signal-wash md:before:absolute md:before:inset-y-0 md:before:left-0 md:before:w-0.5 md:before:bg-signal',
      )}
    >
      <div
        className={cn('grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 py-2.5 md:px-2 md:py-1.5', rowColumns)}
      >
        <div className="flex min-w-0 items-center gap-3">
          <LivingThumbnail
            url={camera.playback.thumbnail}
            alt={t('pictureOf', { name })}
            intervalMs={10_000}
            className="w-28 shrink-0 md:w-15"
          />
          <div className="min-w-0">
            <Link
              href={`/cameras/${camera.id}`}
              onFocus={() => onSelect(camera.id)}
              className="block truncate font-medium after:absolute after:inset-0 xl:after:hidden xl:hover:underline"
            >
              {name}
            </Link>
            {withheldReason === null ? null : <WithheldWord reason={withheldReason} />}
            <p className="truncate text-12 text-quiet md:hidden">{localPlace(camera, locale)}</p>
            <p className="mt-1 flex items-center gap-3 text-12 md:hidden">
              <StateWord state={state} reason={reason} />
              <span className="figure text-quiet">{formatDuration(behindMs, locale)}</span>
            </p>
          </div>
        </div>
        <dl className="hidden md:contents">
          <div className="hidden min-w-0 md:block">
            <dt className="sr-only">{t('state')}</dt>
            <dd className="text-13">
              <StateWord state={state} reason={reason} className="max-w-full" />
            </dd>
          </div>
          <div className="hidden justify-end md:flex">
            <dt className="sr-only">{t('behind')}</dt>
            <dd className="figure text-13">{formatDuration(behindMs, locale)}</dd>
          </div>
          <Figure label={t('fps')}>{formatRate(media?.fps)}</Figure>
          <Figure label={t('bitrate')}>{formatBitrate(media?.bitrate)}</Figure>
          <Figure label={t('recording')} className="md:hidden lg:flex">
            {recordPolicy.mode === 'off' ? unknown : formatDuration(recordPolicy.maxAgeSeconds * 1000, locale)}
          </Figure>
        </dl>
      </div>
    </li>
  );
});
