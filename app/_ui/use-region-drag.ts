'use client';

import { useRef, type PointerEvent, type RefObject } from 'react';

import type { PictureCorner } from '#server/contracts/picture-region.ts';

import { cornerAt } from '../_lib/regions.ts';

type Drag = { move: (at: PictureCorner, from: PictureCorner) => void; end: () => void };

/** Follows one pointer over the picture, in its own measure; what begins the drag says what moves. */
export function useRegionDrag(stage: RefObject<HTMLElement | null>) {
  const drag = useRef<(Drag & { from: PictureCorner; pointer: number }) | null>(null);

  const placeOf = (event: PointerEvent): PictureCorner => {
    const box = stage.current?.getBoundingClientRect();
    if (!box || box.width === 0 || box.height === 0) return [0, 0];
    return cornerAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };

  return {
    placeOf,
    begin: (event: PointerEvent, what: Drag) => {
      if (drag.current || event.button !== 0) return;
      event.stopPropagation();
      stage.current?.setPointerCapture(event.pointerId);
      drag.current = { ...what, from: placeOf(event), pointer: event.pointerId };
    },
    onPointerMove: (event: PointerEvent) => {
      if (drag.current?.pointer === event.pointerId) drag.current.move(placeOf(event), drag.current.from);
    },
    onPointerEnd: (event: PointerEvent) => {
      if (drag.current?.pointer !== event.pointerId) return;
      const { end } = drag.current;
      drag.current = null;
      end();
    },
  };
}
