'use client';

import { ArrowLeft, Pencil } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';

import type { CameraView } from '#server/contracts/camera.ts';

import { formatClock, formatCoordinates, formatZone, localName, localPlace } from '../../_lib/format.ts';
import { Note } from '../../_ui/note.tsx';
import { WithheldWord } from '../../_ui/withheld-word.tsx';

function Cell({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="min-w-0 border-l border-line pl-3 first:border-l-0 first:pl-0">
      <dt className="text-12 text-quiet">{term}</dt>
      <dd className="figure text-14">{children}</dd>
    </div>
  );
}

type AboutCameraProps = { camera: CameraView & { editable: boolean }; shownMs: number | null };

/** Which place this is, what time it is there in the picture, and whom to thank. */
export function AboutCamera({ camera, shownMs }: AboutCameraProps) {
  const t = useTranslations();
  const locale = useLocale();
  const { timeZone } = camera;
  const second = localName(camera, locale === 'ja' ? 'en' : 'ja');
  const name = localName(camera, locale);
  return (
    <header>
      <div className="flex items-center justify-between pb-4 text-13">
        <Link
          href="/cameras"
          className="-ml-1 inline-flex items-center gap-1.5 rounded-control px-1 text-quiet hover:text-text"
        >
          <ArrowLeft aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('player.allCameras')}
        </Link>
        {camera.editable ? (
          <Link
            href={`/cameras/${camera.id}/edit`}
            className="inline-flex items-center gap-1.5 rounded-control px-1 text-quiet hover:text-text"
          >
            <Pencil aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('player.edit')}
          </Link>
        ) : null}
      </div>
      <h1 className="text-20 font-semibold text-balance">{name}</h1>
      {camera.withheldReason === null ? null : <WithheldWord reason={camera.withheldReason} />}
      <p className="text-13 text-quiet">
        {[second === name ? null : second, localPlace(camera, locale), t(`kind.${camera.kind}`)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <dl className="mt-4 flex gap-3 border-y border-line py-3">
        <Cell term={t('player.localTime')}>
          {shownMs === null ? '--:--:--' : formatClock({ ms: shownMs, timeZone, locale })}{' '}
          <span className="text-12 text-quiet">
            {shownMs === null ? '' : formatZone({ ms: shownMs, timeZone, locale })}
          </span>
        </Cell>
        <Cell
          term={
            camera.bearing === null
              ? t('player.position')
              : t('player.bearing', { degrees: Math.round(camera.bearing) })
          }
        >
          {formatCoordinates(camera.latitude, camera.longitude)}
        </Cell>
      </dl>
      {camera.demo ? <Note className="mt-4" title={t('player.demoNote')} /> : null}
    </header>
  );
}
