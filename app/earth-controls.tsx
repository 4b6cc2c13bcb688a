'use client';

import { useQuery } from '@tanstack/react-query';
import { Globe, LayoutGrid, List, Map as MapIcon, Share2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode, Ref } from 'react';

import type { EarthFilter, StateCounts } from '#server/contracts/earth.ts';

import { FilterChips } from './_features/earth/filter-chips.tsx';
import { StateCountsLine } from './_features/earth/state-counts.tsx';
import { TravelButtons } from './_features/earth/travel-buttons.tsx';
import { FindField } from './_features/frame/find-field.tsx';
import { cn } from './_lib/class-name.ts';
import { pushEarth } from './_lib/earth-navigation.ts';
import { useTRPC } from './_lib/trpc.ts';
import { useMay } from './_lib/use-may.ts';
import { Hint } from './_ui/hint.tsx';

type EarthControlsProps = {
  filter: EarthFilter;
  totals: StateCounts | undefined;
  /** No camera of the whole planet passes the filter. */
  isEmpty: boolean;
  onFilter: (filter: EarthFilter) => void;
  onOpen: (cameraId: string) => void;
  /** The camera that is open. Its sheet needs the room on a phone: only the search stays. */
  cameraId: string | null;
  pastMs: () => number | null;
  children?: ReactNode;
  ref?: Ref<HTMLDivElement>;
};

/** Whether all there is are demos. Those not looked at yet count as `unchecked`, as real ones do: where both stand, the server is asked. */
function useIsDemoOnly(totals: StateCounts | undefined): boolean {
  const trpc = useTRPC();
  const states = Object.keys(totals ?? {});
  const hasDemo = totals?.demo !== undefined;
  const mayBe = hasDemo && states.every((state) => state === 'demo' || state === 'unchecked');
  const real = useQuery(
    trpc.earth.view.queryOptions(
      { bounds: [-180, -90, 180, 90], zoom: 0, filter: { demo: false } },
      { enabled: mayBe && states.length > 1, staleTime: 30_000, retry: 0 },
    ),
  ).data;
  if (states.length === 1) return hasDemo;
  return mayBe && real !== undefined && Object.values(real.totals).every((count) => count === 0);
}

/** Search, filters and counts: quiet layers at the top left. */
export function EarthControls({
  filter,
  totals,
  isEmpty,
  onFilter,
  onOpen,
  cameraId,
  pastMs,
  children,
  ref,
}: EarthControlsProps) {
  const t = useTranslations('earth');
  const { me, may } = useMay();
  const isQuiet = cameraId !== null;
  const isDemoOnly = useIsDemoOnly(totals);
  return (
    <div
      ref={ref}
      className={cn(
        'pointer-events-none absolute top-12 right-0 left-0 z-10 flex flex-col gap-1 px-3 *:pointer-events-auto md:top-4 md:gap-2 md:px-6',
        isQuiet ? 'md:right-110' : 'md:right-72',
      )}
    >
      {/* Beside an open sheet the buttons at the right keep their room. */}
      <FindField className={cn('w-full', isQuiet ? 'lg:w-[clamp(9rem,100%-16.5rem,25rem)]' : 'md:w-100')} />
      <fieldset
        aria-label={t('filters')}
        className={cn(
          '-mx-3 flex min-w-0 [scrollbar-width:none] items-center gap-1.5 overflow-x-auto px-3 md:mx-0 md:flex-wrap md:overflow-visible md:px-0',
          isQuiet && 'hidden md:flex',
        )}
      >
        <FilterChips filter={filter} onChange={onFilter} />
        <span aria-hidden="true" className="mx-1 h-5 w-px shrink-0 bg-line-strong" />
        <TravelButtons
          filter={filter}
          isEmpty={isEmpty}
          cameraId={cameraId}
          pastMs={pastMs}
          onOpen={onOpen}
          onGo={(position) => pushEarth({ position, cameraId: null })}
        />
      </fieldset>
      <div
        className={cn(
          '-mx-3 [scrollbar-width:none] overflow-x-auto px-2 md:mx-0 md:overflow-visible md:px-0',
          isQuiet && 'hidden md:block',
        )}
      >
        <StateCountsLine totals={totals} filter={filter} onChange={onFilter} />
      </div>
      {isDemoOnly ? (
        <p
          className={cn(
            'glass max-w-100 self-start rounded-control px-2.5 py-1 text-12 text-quiet',
            isQuiet && 'hidden md:block',
          )}
        >
          {t('demoOnly')} {/* Who keeps the house may not be signed in yet. */}
          {!me || may('feed:write') || may('camera:write') ? (
            <Link href="/welcome" prefetch={false} className="underline hover:text-text">
              {t('addReal')}
            </Link>
          ) : null}
        </p>
      ) : null}
      {children}
    </div>
  );
}

type EarthActionsProps = {
  isFlat: boolean;
  /** False where there is no WebGL: then the map is no choice. */
  canChoose: boolean;
  isListShown: boolean;
  wallSize: number;
  onFlat: () => void;
  onList: () => void;
  onWall: () => void;
  onShare: () => void;
};

const round =
  'glass inline-flex size-11 items-center justify-center gap-1.5 rounded-pill border border-line-strong text-quiet transition-colors hover:bg-hover hover:text-text aria-pressed:border-signal aria-pressed:text-signal md:size-9 [&_svg]:size-4';

/** What can be done with the whole picture: at the top right, or at the side of a phone. */
export function EarthActions({
  isFlat,
  canChoose,
  isListShown,
  wallSize,
  onFlat,
  onList,
  onWall,
  onShare,
}: EarthActionsProps) {
  const t = useTranslations('earth');
  return (
    <>
      {wallSize > 0 ? (
        <Hint text={t('wall', { count: wallSize })} side="bottom">
          <button
            type="button"
            aria-label={t('wall', { count: wallSize })}
            onClick={onWall}
            className={`${round} w-auto! px-3`}
          >
            <LayoutGrid aria-hidden="true" strokeWidth={1.5} />
            <span className="figure text-13">{wallSize}</span>
          </button>
        </Hint>
      ) : null}
      <Hint text={t('list')} side="bottom">
        <button type="button" aria-label={t('list')} aria-pressed={isListShown} onClick={onList} className={round}>
          <List aria-hidden="true" strokeWidth={1.5} />
        </button>
      </Hint>
      {canChoose ? (
        <Hint text={isFlat ? t('toGlobe') : t('toFlat')} side="bottom">
          <button type="button" aria-label={isFlat ? t('toGlobe') : t('toFlat')} onClick={onFlat} className={round}>
            {isFlat ? <Globe aria-hidden="true" strokeWidth={1.5} /> : <MapIcon aria-hidden="true" strokeWidth={1.5} />}
          </button>
        </Hint>
      ) : null}
      <Hint text={t('share')} side="bottom">
        <button type="button" aria-label={t('share')} onClick={onShare} className={round}>
          <Share2 aria-hidden="true" strokeWidth={1.5} />
        </button>
      </Hint>
    </>
  );
}
