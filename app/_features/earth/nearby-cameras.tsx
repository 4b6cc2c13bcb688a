'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';

import type { CameraView } from '#server/contracts/camera.ts';

import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { StateMark } from '../../_ui/state-mark.tsx';
import { formatDistance } from './distance.ts';
import { MomentThumbnail } from './moment-thumbnail.tsx';

const shownMax = 6;
const thumbnailMs = 5000;

type NearbyCamerasProps = { camera: CameraView; pastMs: number | null; onOpen: (cameraId: string) => void };

/** The next cameras around, nearest first, each with its picture of the moment that is shown. */
export function NearbyCameras({ camera, pastMs, onOpen }: NearbyCamerasProps) {
  const t = useTranslations();
  const locale = useLocale();
  const trpc = useTRPC();
  const { latitude, longitude, id } = camera;
  const nearby = useQuery(
    trpc.earth.nearby.queryOptions(
      { latitude, longitude, exclude: id, limit: shownMax },
      { staleTime: 30_000, refetchInterval: 30_000, placeholderData: keepPreviousData },
    ),
  );
  if (nearby.isError || nearby.data?.length === 0) return null;
  return (
    <section aria-labelledby="nearby" className="pt-6">
      <h3 id="nearby" className="pb-2 text-13 text-quiet">
        {t('earth.nearby')}
      </h3>
      <ul className="grid grid-cols-3 gap-x-2 gap-y-3">
        {(nearby.data ?? []).map((one) => (
          <li key={one.id} className="min-w-0">
            <button
              type="button"
              onClick={() => onOpen(one.id)}
              className="block w-full rounded-control text-left hover:brightness-110"
            >
              <MomentThumbnail
                camera={one}
                pastMs={pastMs}
                alt={t('cameras.pictureOf', { name: localName(one, locale) })}
                intervalMs={thumbnailMs}
              />
              <span className="flex items-center gap-1.5 pt-1 text-12">
                <StateMark state={one.state} className="size-2.5" />
                <span className="truncate">{localName(one, locale)}</span>
              </span>
              <span className="figure block text-12 text-quiet">{formatDistance(one.distanceMetres)}</span>
            </button>
          </li>
        ))}
        {nearby.isPending
          ? [0, 1, 2].map((place) => (
              <li key={place} aria-hidden="true">
                <div className="aspect-video animate-breathe rounded-[4px] bg-hover" />
                <div className="h-9" />
              </li>
            ))
          : null}
      </ul>
    </section>
  );
}
