'use client';

import { usePathname, useRouter } from 'next/navigation';

import type { GeoBounds } from '#server/contracts/earth.ts';

import { earthAddress, positionOver, type EarthPosition } from '../../_lib/earth-address.ts';
import { pushEarth } from '../../_lib/earth-navigation.ts';

/** Leads to what was found: on Earth it flies there and keeps filters and time, from elsewhere it opens the page. */
export function useGoTo(): {
  camera: (id: string) => void;
  position: (position: EarthPosition) => void;
  bounds: (bounds: GeoBounds) => void;
} {
  const router = useRouter();
  const isOnEarth = usePathname() === '/';
  const position = (to: EarthPosition) => {
    if (isOnEarth) pushEarth({ position: to, cameraId: null });
    else router.push(earthAddress({ position: to }));
  };
  return {
    camera: (id) => {
      if (isOnEarth) pushEarth({ cameraId: id });
      else router.push(`/cameras/${id}`);
    },
    position,
    bounds: (bounds) => position(positionOver(bounds, Math.min(window.innerWidth, window.innerHeight))),
  };
}
