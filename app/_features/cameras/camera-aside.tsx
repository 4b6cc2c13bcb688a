'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';

import {
  formatBitrate,
  formatBytes,
  formatCodecs,
  formatDuration,
  formatRate,
  localName,
  localPlace,
  unknown,
} from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { historyLength, useStateHistory } from '../../_lib/use-media-states.ts';
import { Button } from '../../_ui/button.tsx';
import { LivingThumbnail } from '../../_ui/living-thumbnail.tsx';
import { Sparkline } from '../../_ui/sparkline.tsx';
import { StateWord } from '../../_ui/state-word.tsx';
import { stateOf, type MeasuredCamera } from './camera-facts.ts';

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4 py-1">
      <dt className="text-13 text-quiet">{term}</dt>
      <dd className="figure truncate text-13">{children}</dd>
    </div>
  );
}

/** What is measured of the chosen camera, beside the list on a wide screen. */
export function CameraAside({ measured }: { measured: MeasuredCamera }) {
  const t = useTranslations();
  const locale = useLocale();
  const trpc = useTRPC();
  const { data: me } = useQuery(trpc.identity.me.queryOptions());
  const { camera, media } = measured;
  const history = useStateHistory(camera.streamId);
  const name = localName(camera, locale);
  const { state, reason } = stateOf(measured);
  return (
    <aside aria-label={name} className="flex h-full flex-col overflow-y-auto p-5">
      <LivingThumbnail
        key={camera.id}
        url={camera.playback.thumbnail}
        alt={t('cameras.pictureOf', { name })}
        intervalMs={2000}
        isMain
        className="rounded-panel"
      />
      <div className="flex items-start gap-3 pt-4">
        <div className="min-w-0">
          <h2 className="text-16 font-semibold text-balance">{name}</h2>
          <p className="text-13 text-quiet">
            {[localPlace(camera, locale), t(`kind.${camera.kind}`)].filter(Boolean).join(' · ')}
          </p>
        </div>
        <StateWord state={state} reason={reason} className="ml-auto shrink-0 pt-0.5 text-13" />
      </div>
      <dl className="py-4">
        <Fact term={t('facts.codec')}>{formatCodecs(media?.codecs)}</Fact>
        <Fact term={t('facts.size')}>{media?.width ? `${media.width}×${media.height ?? unknown}` : unknown}</Fact>
        <Fact term={t('facts.fps')}>{media?.fps ? `${formatRate(media.fps)} fps` : unknown}</Fact>
        <Fact term={t('facts.gop')}>
          {media?.gopSeconds ? formatDuration(media.gopSeconds * 1000, locale) : unknown}
        </Fact>
        <Fact term={t('facts.viewers')}>{media?.viewers ?? unknown}</Fact>
        <Fact term={t('facts.recorded')}>{media ? formatBytes(media.recordedBytes) : unknown}</Fact>
      </dl>
      <div className="border-t border-line pt-4">
        <p className="flex items-baseline justify-between text-13 text-quiet">
          {t('facts.bitrate')} <span className="figure text-text">{formatBitrate(media?.bitrate)}</span>
        </p>
        <Sparkline length={historyLength} values={history.map((sample) => sample.bitrate)} />
        <p className="flex items-baseline justify-between pt-3 text-13 text-quiet">
          {t('facts.frameAge')}
          <span className="figure text-text">{formatDuration(media?.frameAgeMs, locale)}</span>
        </p>
        <Sparkline length={historyLength} values={history.map((sample) => sample.frameAgeMs)} />
      </div>
      <div className="mt-auto flex gap-2 pt-6">
        {me ? (
          <Button asChild>
            <Link href={`/cameras/${camera.id}/edit`}>{t('cameras.edit')}</Link>
          </Button>
        ) : null}
        <Button asChild className="ml-auto">
          <Link href={`/cameras/${camera.id}`}>{t('cameras.open')}</Link>
        </Button>
      </div>
    </aside>
  );
}
