'use client';

import { useEffect, useEffectEvent, useState, type KeyboardEvent } from 'react';

import type { EarthPosition } from '../../_lib/earth-address.ts';
import type { EarthItem, SurfaceView } from '../../_lib/earth-surface.ts';
import { surfaceKeyAct, type KeyAct, type PressedKey } from './surface-keys.ts';

type SurfaceKeys = {
  seen: SurfaceView;
  items: readonly EarthItem[];
  /** Whether `items` are those of `seen`, not of the view before. */
  isCurrent: boolean;
  focused: EarthItem | null;
  onFocus: (item: EarthItem | null) => void;
  onSelect: (item: EarthItem) => void;
  onMove: (position: EarthPosition) => void;
};

/** A planet on its way passes other zooms, where cameras stand together: it rests when it has not moved for so long. */
const restMs = 150;
/** Keys that are waited for: more is somebody leaning on one. */
const waitingMax = 4;

/** The things of the view when it last rested, all of them there; null before the first. */
function useSettled({ seen, items, isCurrent }: Pick<SurfaceKeys, 'seen' | 'items' | 'isCurrent'>) {
  const [settled, setSettled] = useState<Pick<SurfaceKeys, 'seen' | 'items'> | null>(null);
  useEffect(() => {
    if (!isCurrent) return undefined;
    const timer = setTimeout(() => setSettled({ seen, items }), restMs);
    return () => clearTimeout(timer);
  }, [seen, items, isCurrent]);
  return settled?.items ?? null;
}

/**
 * The keys of globe and map: arrows turn it until a camera is focused (`Enter` takes the one nearest to the middle), then go from camera to camera;
 * `Enter` opens, `Esc` lets go, `+` `−` zoom. With `Shift` the arrows turn the compass and lean the eye; `N` puts north up again.
 * What is pressed before the cameras are there is done when they are.
 */
export function useSurfaceKeys({ seen, items, isCurrent, focused, onFocus, onSelect, onMove }: SurfaceKeys) {
  const settled = useSettled({ seen, items, isCurrent });
  const [waiting, setWaiting] = useState<readonly PressedKey[]>([]);
  const carryOut = (act: KeyAct): void => {
    switch (act.type) {
      case 'focus':
        onFocus(act.item);
        if (act.moveTo) onMove(act.moveTo);
        return;
      case 'select':
        onSelect(act.item);
        // What is open is the sheet: the next `Esc` is for it.
        onFocus(null);
        return;
      case 'move':
        onMove(act.to);
        return;
      case 'wait':
    }
  };
  const catchUp = useEffectEvent((pressed: PressedKey) => {
    setWaiting((before) => before.slice(1));
    const act = surfaceKeyAct(pressed, { seen, items: settled, focused });
    if (act) carryOut(act);
  });
  const [first] = waiting;
  const isThere = settled !== null;
  useEffect(() => {
    if (!first || !isThere) return undefined;
    // One at a time: the next begins where this one led.
    const soon = setTimeout(() => catchUp(first), 0);
    return () => clearTimeout(soon);
  }, [first, isThere]);
  return {
    onKeyDown: (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      const pressed = { key: event.key, isShift: event.shiftKey };
      const act = surfaceKeyAct(pressed, { seen, items: settled, focused });
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      // In their order: what comes after a key that waits waits too.
      if (act.type === 'wait' || waiting.length > 0) setWaiting((before) => [...before, pressed].slice(-waitingMax));
      else carryOut(act);
    },
    /** Whoever goes away asks for nothing any more. */
    forget: () => setWaiting([]),
  };
}
