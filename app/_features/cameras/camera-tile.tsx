'use client';

import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { memo } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { formatDuration, localName, localPlace } from '../../_lib/format.ts';
import { LivingThumbnail } from '../../_ui/living-thumbnail.tsx';
import { StateWord } from '../../_ui/state-word.tsx';
import { WithheldWord } from '../../_ui/withheld-word.tsx';
import { secondsBehind, stateOf, type MeasuredCamera } from './camera-facts.ts';

type CameraTileProps = MeasuredCamera & {
  isSelected: boolean;
  /** Why nobody else is shown it. */
  withheldReason: string | null;
  onSelect: (id: string) => void;
};

/** The picture, and below it the least that must be said. */
export const CameraTile = memo(function CameraTile(props: CameraTileProps) {
  const { camera, media, isSelected, withheldReason, onSelect } = props;
  const t = useTranslations('cameras');
  const locale = useLocale();
  const { state, reason } = stateOf({ camera, media });
  const name = localName(camera, locale);
  return (
    <li data-camera={camera.id} data-selected={isSelected || undefined} className="group relative min-w-0">
      <LivingThumbnail
        url={camera.playback.thumbnail}
        alt={t('pictureOf', { name })}
        intervalMs={5000}
        className={cn(
          'rounded-panel transition-shadow duration-150',
          isSelected && 'outline-2 outline-offset-2 outline-signal',
        )}
      />
      <div className="pt-2">
        <Link
          href={`/cameras/${camera.id}`}
          onFocus={() => onSelect(camera.id)}
          className="block truncate font-medium after:absolute after:inset-0 group-hover:underline"
        >
          {name}
        </Link>
        {withheldReason === null ? null : <WithheldWord reason={withheldReason} />}
        <p className="flex items-center gap-3 text-12 text-quiet">
          <StateWord state={state} reason={reason} className="shrink-0 text-text" />
          <span className="figure">{formatDuration(secondsBehind({ camera, media }), locale)}</span>
          <span className="ml-auto truncate">{localPlace(camera, locale)}</span>
        </p>
      </div>
    </li>
  );
});
