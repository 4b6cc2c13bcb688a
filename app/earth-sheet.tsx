'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { CameraSheet } from './_features/earth/camera-sheet.tsx';
import { SheetMissing } from './_features/earth/sheet-missing.tsx';
import { SheetPlayer } from './_features/player/sheet-player.tsx';
import type { EarthClock } from './_lib/earth-clock.ts';
import type { PictureClock } from './_lib/playback/use-picture-clock.ts';
import { useTRPC } from './_lib/trpc.ts';
import { useEarthMoment, useEarthSecond } from './_lib/use-earth-clock.ts';

type EarthSheetProps = {
  cameraId: string;
  clock: EarthClock;
  isPinned: boolean;
  onPin: () => void;
  onShare: () => void;
  onOpen: (cameraId: string) => void;
  onClose: () => void;
};

/** The sheet of the open camera with the player in it, both at the clock's moment. */
export function EarthSheet({ cameraId, clock, ...acts }: EarthSheetProps) {
  const trpc = useTRPC();
  const camera = useQuery(trpc.cameras.get.queryOptions({ id: cameraId }, { staleTime: 30_000, retry: 1 }));
  const moment = useEarthMoment(clock);
  const second = useEarthSecond(clock);
  const [picture, setPicture] = useState<PictureClock | null>(null);
  if (!camera.data) {
    return <SheetMissing error={camera.error} onRetry={() => void camera.refetch()} onClose={acts.onClose} />;
  }
  return (
    <CameraSheet
      camera={camera.data}
      picture={<SheetPlayer cameraId={cameraId} clock={clock} onClock={setPicture} />}
      shownMs={picture?.pictureMs ?? second ?? clock.nowMs()}
      behindMs={picture?.behindMs ?? null}
      isPast={moment.mode === 'past'}
      {...acts}
    />
  );
}
