'use client';

import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';

import { TimeBar } from '../_features/time-bar/time-bar.tsx';
import { Wall } from '../_features/wall/wall.tsx';
import { EarthClock } from '../_lib/earth-clock.ts';
import { wallAddress } from '../_lib/wall-pins.ts';

/** The address of a wall at a moment; without one, now. */
function addressOf(ids: readonly string[], pastMs: number | null): string {
  const wall = `/wall?wall=${wallAddress(ids)}`;
  return pastMs === null
    ? wall
    : `${wall}&t=${new Date(Math.floor(pastMs / 1000) * 1000).toISOString().replace('.000Z', 'Z')}`;
}

/** A wall that fills the window, with its time below; both stand in the address. */
export function WallPage({ startIds, startMs }: { startIds: string[]; startMs: number | null }) {
  const t = useTranslations('wall');
  const router = useRouter();
  const [clock] = useState(() => new EarthClock({ atMs: startMs }));
  const [ids, setIds] = useState<readonly string[]>(startIds);
  useEffect(() => {
    const write = () => window.history.replaceState(null, '', addressOf(ids, clock.pastMs()));
    write();
    return clock.subscribe(write);
  }, [ids, clock]);
  return (
    <div className="flex h-dvh flex-col bg-ground max-md:h-[calc(100dvh-7rem)]" data-theme="dark">
      <h1 className="sr-only">{t('title')}</h1>
      <Wall
        ids={ids}
        onChange={setIds}
        clock={clock}
        onOpen={(id) => router.push(`/cameras/${id}`)}
        onClose={() => router.push('/')}
        className="grow"
      />
      {ids.length > 0 ? <TimeBar clock={clock} className="shrink-0" /> : null}
    </div>
  );
}
