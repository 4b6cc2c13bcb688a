'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { Ref } from 'react';

import type { EarthFilter, EarthPoint } from '#server/contracts/earth.ts';

import { cn } from '../../_lib/class-name.ts';
import type { SurfaceView } from '../../_lib/earth-surface.ts';
import { localName, localPlace } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { IconButton } from '../../_ui/icon-button.tsx';
import { StateWord } from '../../_ui/state-word.tsx';
import { MomentThumbnail } from './moment-thumbnail.tsx';
import { isWithin } from './view-query.ts';

const listedMax = 50;
const thumbnailMs = 10_000;

type CamerasInViewProps = {
  seen: SurfaceView;
  points: readonly EarthPoint[];
  filter: EarthFilter;
  isShown: boolean;
  /** No camera of the whole planet: said above it, where it leaves room. */
  isEmpty: boolean;
  /** The moment that is shown; null is now. */
  pastMs: number | null;
  onOpen: (cameraId: string) => void;
  onClose: () => void;
  ref?: Ref<HTMLElement>;
};

/** The cameras in view by name and state, nearest to the middle first: always there for a screen reader, for the eye when it is wanted. */
export function CamerasInView(props: CamerasInViewProps) {
  const { seen, points, filter, isShown, isEmpty, pastMs, onOpen, onClose, ref } = props;
  const t = useTranslations();
  const locale = useLocale();
  const trpc = useTRPC();
  const { states, daylight, ...timeless } = filter;
  const nearby = useQuery(
    trpc.earth.nearby.queryOptions(
      {
        latitude: Math.round(seen.latitude * 10) / 10,
        longitude: Math.round(seen.longitude * 10) / 10,
        limit: listedMax,
        // Of a moment that is over, states and daylight are known of what stands on the globe.
        ...(pastMs === null ? filter : timeless),
      },
      // Every turn of the planet asks for another place: what was beside the last ones is not kept for minutes.
      { staleTime: 10_000, gcTime: 20_000, refetchInterval: 15_000, placeholderData: keepPreviousData },
    ),
  );
  const stateNow = new Map<string, EarthPoint['state']>(points.map((point) => [point.id, point.state]));
  const listed = (nearby.data ?? [])
    .filter((camera) => isWithin(camera, seen.bounds))
    .map((camera) => ({ camera, state: stateNow.get(camera.id) ?? camera.state }))
    .filter(({ camera, state }) => {
      if (daylight && pastMs !== null && !stateNow.has(camera.id)) return false;
      return !states || states.includes(state);
    });
  return (
    <section
      ref={ref}
      data-cover
      aria-label={t('earth.inView')}
      className={cn(
        isShown
          ? 'glass absolute top-32 left-3 z-20 flex max-h-[calc(100%-18rem)] w-80 max-w-[calc(100%-1.5rem)] flex-col overflow-hidden rounded-panel border border-line-strong shadow-overlay md:top-42 md:left-6 md:max-h-[calc(100%-16.5rem)]'
          : 'sr-only',
        isShown && isEmpty && 'top-66 md:top-50',
      )}
    >
      <header className="flex items-center gap-2 py-1 pr-1 pl-4">
        <h2 className="text-13 font-semibold">{t('earth.inView')}</h2>
        <span className="figure text-12 text-quiet">
          {listed.length === listedMax ? `${listedMax}+` : listed.length}
        </span>
        {isShown ? (
          <IconButton label={t('earth.close')} className="ml-auto size-11 md:size-9" onClick={onClose}>
            <X aria-hidden="true" strokeWidth={1.5} />
          </IconButton>
        ) : null}
      </header>
      {listed.length === 0 ? (
        <p className="px-4 pb-4 text-13 text-quiet">{t(isEmpty ? 'earth.noneAtAll' : 'earth.noneInView')}</p>
      ) : null}
      <ul className="min-h-0 overflow-y-auto px-2 pb-2">
        {listed.map(({ camera, state }) => (
          <li key={camera.id}>
            <button
              type="button"
              onClick={() => onOpen(camera.id)}
              className="flex w-full items-center gap-3 rounded-control p-2 text-left hover:bg-hover"
            >
              {isShown ? (
                <MomentThumbnail
                  camera={camera}
                  pastMs={pastMs}
                  alt=""
                  intervalMs={thumbnailMs}
                  className="w-16 shrink-0"
                />
              ) : null}
              <span className="min-w-0">
                <span className="block truncate text-13">{localName(camera, locale)}</span>
                <span className="flex gap-2 text-12 text-quiet">
                  <StateWord state={state} className="shrink-0" />
                  <span className="truncate">{localPlace(camera, locale)}</span>
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
