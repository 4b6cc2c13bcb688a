'use client';

import { useEffect, useRef, useState, type PointerEvent } from 'react';

/** What is dragged, and the place it would be put down at. */
export type TileDrag = { cameraId: string; toIndex: number };

/** Within this of the edge of a list that scrolls, it scrolls; pixels, and pixels a frame. */
const edge = 72;
const scrollStep = 12;

/** The place of the tile under a point of the screen. */
function placeUnder(x: number, y: number): number | null {
  const tile = document.elementFromPoint(x, y)?.closest('[data-wall-index]');
  const place = tile?.getAttribute('data-wall-index');
  return place === null || place === undefined ? null : Number(place);
}

/** How far the list goes on under a finger at its edge; zero away from the edges. */
function scrollFor(y: number, { top, bottom }: { top: number; bottom: number }): number {
  if (y < top + edge) return -scrollStep;
  return y > bottom - edge ? scrollStep : 0;
}

/**
 * Drags a tile by its handle, with mouse, pen or finger. The order is changed when it is put down: a tile whose element moved while it is held would
 * lose the finger, and each picture under the way would jump.
 */
export function useTileDrag(onDrop: (drag: TileDrag) => void): {
  drag: TileDrag | null;
  handle: (
    cameraId: string,
    index: number,
  ) => {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: () => void;
    onLostPointerCapture: () => void;
  };
} {
  const [drag, draw] = useState<TileDrag | null>(null);
  // A finger may be lifted before its last move is drawn.
  const held = useRef<TileDrag | null>(null);
  const setDrag = (next: TileDrag | null) => {
    held.current = next;
    draw(next);
  };
  const [at, setAt] = useState<{ list: Element; x: number; y: number } | null>(null);
  const letGo = () => {
    setDrag(null);
    setAt(null);
  };
  useEffect(() => {
    if (!at) return undefined;
    const step = scrollFor(at.y, at.list.getBoundingClientRect());
    if (step === 0) return undefined;
    const timer = setInterval(() => {
      at.list.scrollBy({ top: step });
      const place = placeUnder(at.x, at.y);
      if (place === null || !held.current) return;
      held.current = { ...held.current, toIndex: place };
      draw(held.current);
    }, 16);
    return () => clearInterval(timer);
  }, [at]);
  useEffect(() => {
    if (!drag) return undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      held.current = null;
      draw(null);
      setAt(null);
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [drag]);
  return {
    drag,
    handle: (cameraId, index) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ cameraId, toIndex: index });
      },
      onPointerMove: ({ currentTarget, pointerId, clientX: x, clientY: y }) => {
        if (held.current?.cameraId !== cameraId || !currentTarget.hasPointerCapture(pointerId)) return;
        const list = currentTarget.closest('ol');
        if (list) setAt({ list, x, y });
        const place = placeUnder(x, y);
        if (place !== null && place !== held.current.toIndex) setDrag({ cameraId, toIndex: place });
      },
      onPointerUp: () => {
        const put = held.current;
        if (put?.cameraId === cameraId && put.toIndex !== index) onDrop(put);
        letGo();
      },
      // Taken away by the system, or by a second finger: as if it had never been held.
      onLostPointerCapture: letGo,
    }),
  };
}
