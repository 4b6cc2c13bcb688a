'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';

import type { EarthFilter } from '#server/contracts/earth.ts';

import { CamerasInView } from './_features/earth/cameras-in-view.tsx';
import { Compass } from './_features/earth/compass.tsx';
import { NoCameras, NothingFits, StaleNote } from './_features/earth/earth-notes.tsx';
import { EarthRing } from './_features/earth/earth-ring.tsx';
import { useCountryNames } from './_features/earth/use-country-names.ts';
import { useEarthView, usePlaceLabels } from './_features/earth/use-earth-view.ts';
import { TimeBar } from './_features/time-bar/time-bar.tsx';
import { cn } from './_lib/class-name.ts';
import { earthAddress, readEarthAddress, type EarthAddress } from './_lib/earth-address.ts';
import { EarthClock } from './_lib/earth-clock.ts';
import { earthAddressNow, pushEarth, replaceEarth } from './_lib/earth-navigation.ts';
import type { SurfaceHandle } from './_lib/earth-surface.ts';
import { keepCameras, keptCameras, withRecent } from './_lib/kept-cameras.ts';
import { useTRPC } from './_lib/trpc.ts';
import { useEarthMoment } from './_lib/use-earth-clock.ts';
import { useMay } from './_lib/use-may.ts';
import { pin, unpin, wallSizeMax } from './_lib/wall-pins.ts';
import { EarthActions, EarthControls } from './earth-controls.tsx';
import { EarthStage } from './earth-stage.tsx';
import { startView } from './earth-start.ts';
import { useKeptFlat, useKeptWall, useMoment, usePosition, zoomOfRange } from './earth-sync.ts';
import { beginGlobe } from './load-globe.ts';
import { useCovers } from './use-covers.ts';
import { useInset } from './use-inset.ts';
import { useSurfaceKind } from './use-surface-kind.ts';

/** What the first look does not need. */
const EarthSheet = dynamic(() => import('./earth-sheet.tsx').then((file) => file.EarthSheet));
const EarthShare = dynamic(() => import('./earth-share.tsx').then((file) => file.EarthShare));
const Wall = dynamic(() => import('./_features/wall/wall.tsx').then((room) => room.Wall));

/** Nearer than this the pictures of the ground have nothing more to show. */
const closestZoom = 7.5;

const openCamera = (cameraId: string) => pushEarth({ cameraId });
const closeCamera = () => pushEarth({ cameraId: null });

/** The living globe: every camera of the planet, its state, and the way to its picture. */
export function EarthPage() {
  const t = useTranslations();
  const trpc = useTRPC();
  const params = useSearchParams();
  const address = useMemo(() => readEarthAddress(params), [params]);
  const { cameraId, filter, wall } = address;
  const [clock] = useState(() => new EarthClock({ atMs: address.atMs }));
  const [initial] = useState(() => startView(address.position));
  const [isListShown, setIsListShown] = useState(false);
  const [sharing, setSharing] = useState<EarthAddress | null>(null);
  const surface = useRef<SurfaceHandle>(null);
  const kind = useSurfaceKind(address.isFlat);
  const [drawn, setDrawn] = useState<typeof kind>(null);
  const isThere = kind !== null && drawn === kind;
  // Already done where this page was the first one.
  useEffect(() => beginGlobe(window.location.search), []);
  const inset = useInset(cameraId !== null);
  const [controls, setControls] = useState<Element | null>(null);
  const [actions, setActions] = useState<Element | null>(null);
  const [bar, setBar] = useState<Element | null>(null);
  const [list, setList] = useState<Element | null>(null);
  const covers = useCovers({ controls, actions, bar, list });
  const { seen, onView, fly } = usePosition(address, surface, initial);
  useMoment(address, clock);
  useKeptWall(wall);
  const keepFlat = useKeptFlat(address.isFlat);
  const moment = useEarthMoment(clock);
  const { view, isCurrent, failedMs, receivedMs, retry } = useEarthView(seen, filter, clock);
  const labels = usePlaceLabels(seen);
  const countries = useCountryNames(seen.zoom);
  const { me, may } = useMay();
  const camera = useQuery(
    trpc.cameras.get.queryOptions({ id: cameraId ?? '' }, { enabled: cameraId !== null, staleTime: 30_000, retry: 1 }),
  ).data;

  // An opened camera is flown to; one that the address opened together with a place is looked at from there.
  const flownTo = useRef(address.position ? cameraId : null);
  const flyTo = useEffectEvent((id: string | null) => {
    if (id === null) flownTo.current = null;
    if (id === null || !camera || flownTo.current === id) return;
    flownTo.current = id;
    const { latitude, longitude, initialView } = camera;
    const zoom = zoomOfRange(initialView.range, latitude, window.innerHeight);
    fly({
      latitude,
      longitude,
      zoom: Math.min(closestZoom, Math.max(3, zoom)),
      heading: initialView.heading,
      tilt: 90 + Math.min(0, initialView.pitch),
    });
  });
  const shownId = camera?.id ?? null;
  useEffect(() => {
    flyTo(cameraId === null ? null : shownId);
    if (cameraId !== null && shownId === cameraId) keepCameras(withRecent(keptCameras(), cameraId));
  }, [cameraId, shownId]);

  const show = useCallback((next: EarthFilter) => replaceEarth({ filter: next }), []);
  const changeWall = (ids: readonly string[]) =>
    replaceEarth({ wall: ids, ...(ids.length === 0 ? { isWallShown: false } : {}) });
  const togglePin = (id: string) => {
    if (wall.includes(id)) {
      changeWall(unpin(wall, id));
      return;
    }
    const pinned = pin(wall, id);
    if (pinned.type === 'full') toast(t('earth.wallFull', { max: wallSizeMax }));
    if (pinned.type !== 'pinned') return;
    changeWall(pinned.ids);
    toast(t('earth.pinned', { count: pinned.ids.length, max: wallSizeMax }), {
      action: { label: t('earth.showWall'), onClick: () => pushEarth({ isWallShown: true }) },
    });
  };
  const share = () => setSharing({ ...earthAddressNow(), atMs: clock.pastMs() });

  const total = Object.values(view?.totals ?? {}).reduce((sum, count) => sum + count, 0);
  const isFiltered = Object.keys(filter).length > 0;
  const isEmpty = view !== undefined && (isFiltered ? !hasAny(view.totals, filter) : total === 0);
  const pastMs = moment.mode === 'past' ? Date.parse(view?.at ?? new Date(moment.atMs).toISOString()) : null;
  const wedge =
    camera && camera.bearing !== null && cameraId !== null
      ? { latitude: camera.latitude, longitude: camera.longitude, bearing: camera.bearing }
      : null;
  const isSheetOpen = cameraId !== null;
  const isWallOpen = address.isWallShown && wall.length > 0;
  return (
    <div className="absolute inset-0 overflow-hidden">
      <h1 className="sr-only">{t('frame.earth')}</h1>
      {isThere ? null : <EarthRing />}
      {kind === null ? null : (
        <EarthStage
          kind={kind}
          isThere={isThere}
          surface={surface}
          view={view}
          labels={labels}
          countries={countries}
          seen={seen}
          isCurrent={isCurrent}
          clock={clock}
          pastMs={pastMs}
          isYielding={isSheetOpen || isWallOpen}
          selectedId={cameraId}
          wedge={wedge}
          inset={inset}
          covers={covers}
          initialPosition={initial}
          onView={(next) => {
            setDrawn(kind);
            onView(next);
          }}
          onFly={fly}
          onOpen={openCamera}
        />
      )}
      <EarthControls
        ref={setControls}
        filter={filter}
        totals={view?.totals}
        isEmpty={isEmpty}
        onFilter={show}
        onOpen={openCamera}
        cameraId={cameraId}
        pastMs={clock.pastMs}
      >
        <div className="flex flex-col items-start gap-2 pt-1">
          <StaleNote receivedMs={receivedMs} failedMs={failedMs} onRetry={retry} />
          {isEmpty && isFiltered ? <NothingFits onClear={() => show({})} /> : null}
          {isEmpty && !isFiltered ? (
            <NoCameras
              action={
                me && !may('camera:write') ? null : (
                  <Link
                    href={me ? '/cameras/new' : '/login'}
                    className="flex items-center px-2 font-medium text-signal max-md:min-h-11"
                  >
                    {me ? t('cameras.add') : t('frame.signIn')}
                  </Link>
                )
              }
            />
          ) : null}
        </div>
      </EarthControls>
      <div
        ref={setActions}
        className={cn(
          'absolute right-3 bottom-42 z-10 flex flex-col gap-2 md:top-4 md:right-6 md:bottom-auto md:flex-row',
          // A narrow desk has no room for them beside the search.
          isSheetOpen && 'hidden md:right-116 md:flex md:max-lg:top-auto md:max-lg:bottom-32 md:max-lg:flex-col',
          moment.mode === 'past' && 'max-md:bottom-48',
        )}
      >
        <Compass
          heading={seen.heading ?? 0}
          tilt={seen.tilt ?? 0}
          onReset={() => fly({ ...seen, heading: 0, tilt: 0 })}
        />
        <EarthActions
          isFlat={kind !== 'globe'}
          canChoose={kind !== null && kind !== 'plain'}
          isListShown={isListShown}
          wallSize={wall.length}
          onFlat={() => keepFlat(!address.isFlat)}
          onList={() => setIsListShown(!isListShown)}
          onWall={() => pushEarth({ isWallShown: true })}
          onShare={share}
        />
      </div>
      <CamerasInView
        ref={setList}
        seen={seen}
        points={view?.points ?? []}
        filter={filter}
        isEmpty={isEmpty}
        isShown={isListShown}
        pastMs={pastMs}
        onOpen={openCamera}
        onClose={() => setIsListShown(false)}
      />
      {isWallOpen ? (
        <div
          data-theme="dark"
          className={cn(
            'absolute inset-0 z-20 flex flex-col bg-ground pb-[calc(3rem+env(safe-area-inset-bottom))] md:pb-0',
            isSheetOpen && 'md:right-110',
          )}
        >
          <Wall
            ids={wall}
            clock={clock}
            onChange={changeWall}
            onOpen={openCamera}
            onClose={() => pushEarth({ isWallShown: false })}
            shareAddress={earthAddress({ ...address, isWallShown: true, atMs: clock.pastMs() })}
            className="min-h-0 grow"
          />
          <TimeBar clock={clock} filter={filter} className="shrink-0" />
        </div>
      ) : (
        <div
          ref={setBar}
          className={cn(
            'absolute right-0 bottom-[calc(3rem+env(safe-area-inset-bottom))] left-0 z-10 bg-linear-to-t from-ground via-veil to-transparent px-3 md:bottom-0 md:px-6',
            isSheetOpen && 'md:right-110',
          )}
        >
          <TimeBar clock={clock} filter={filter} />
        </div>
      )}
      {cameraId === null ? null : (
        <EarthSheet
          key={cameraId}
          cameraId={cameraId}
          clock={clock}
          isPinned={wall.includes(cameraId)}
          onPin={() => togglePin(cameraId)}
          onShare={share}
          onOpen={openCamera}
          onClose={closeCamera}
        />
      )}
      {sharing === null ? null : (
        <EarthShare shared={sharing} camera={cameraId === null ? undefined : camera} onClose={() => setSharing(null)} />
      )}
    </div>
  );
}

/** Totals leave the chosen states aside, so that the others can be chosen: here they count. */
function hasAny(totals: Partial<Record<string, number>>, filter: EarthFilter): boolean {
  const states = filter.states ?? Object.keys(totals);
  return states.some((state) => (totals[state] ?? 0) > 0);
}
