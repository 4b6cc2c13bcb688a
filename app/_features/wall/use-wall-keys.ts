'use client';

import { useEffect, useEffectEvent } from 'react';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input, textarea, select, [role="menu"], [role="dialog"], [contenteditable]') !== null;

/** 1–9 bring a tile to the front and back, Escape puts it back, M is its sound. */
export function useWallKeys({
  count,
  hasFocus,
  onFocus,
  onBack,
  onSound,
}: {
  count: number;
  hasFocus: boolean;
  onFocus: (index: number) => void;
  onBack: () => void;
  /** With the camera of the tile that has the keyboard, if one has. */
  onSound: (cameraId: string | null) => void;
}): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
    if (event.key === 'Escape' && hasFocus) {
      // Taken here, it closes nothing around the wall.
      event.stopPropagation();
      onBack();
      return;
    }
    if (event.key.toLowerCase() === 'm' && !event.shiftKey) {
      event.preventDefault();
      const tile = event.target instanceof Element ? event.target.closest('[data-camera]') : null;
      onSound(tile?.getAttribute('data-camera') ?? null);
      return;
    }
    const index = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
    if (index < 0 || index >= count) return;
    event.preventDefault();
    onFocus(index);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
