'use client';

import { useEffect, useEffectEvent } from 'react';

import type { PlayerActions } from './player-actions.ts';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input:not([type="range"]), textarea, select, [role="menu"], [role="dialog"], [contenteditable]') !==
    null;

/** Space and Enter belong to the button that has the focus. */
const isPressing = (event: KeyboardEvent): boolean =>
  (event.key === ' ' || event.key === 'Enter') &&
  event.target instanceof Element &&
  event.target.closest('a, button') !== null;

/** Keys do what the buttons do, wherever the focus is inside `scope`; the whole page without one. */
export function usePlayerKeys(
  actions: PlayerActions,
  { scope, onHelp }: { scope: 'page' | HTMLElement | null; onHelp?: () => void },
): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isPressing(event)) return;
    const isSlider = event.target instanceof HTMLInputElement;
    const acts: Readonly<Record<string, () => void>> = {
      ' ': actions.togglePlay,
      k: actions.togglePlay,
      j: () => actions.step(-10),
      l: () => actions.step(10),
      m: actions.toggleMute,
      f: actions.toggleFullscreen,
      p: actions.togglePictureInPicture,
      ...(onHelp ? { '?': onHelp } : {}),
      ...(isSlider
        ? {}
        : {
            ArrowLeft: () => actions.step(-5),
            ArrowRight: () => actions.step(5),
            Home: actions.toOldest,
            End: actions.toLive,
          }),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    // A page with keys of its own leaves alone what was done here.
    event.stopPropagation();
    act();
  });
  useEffect(() => {
    if (!scope) return undefined;
    const stop = new AbortController();
    const target: EventTarget = scope === 'page' ? window : scope;
    const listen = (event: Event) => {
      if (event instanceof KeyboardEvent) onKey(event);
    };
    target.addEventListener('keydown', listen, { signal: stop.signal });
    return () => stop.abort();
  }, [scope]);
}
