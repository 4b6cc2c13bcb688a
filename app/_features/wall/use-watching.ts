'use client';

import { useEffect, useState } from 'react';

export const idleAfterMs = 600_000;

export type Watching = 'watching' | 'hidden' | 'idle';

/** Whether somebody looks: the tab is shown, and in the last ten minutes something was touched. */
export function useWatching(afterMs: number = idleAfterMs): { watching: Watching; goOn: () => void } {
  const [isHidden, setIsHidden] = useState(false);
  const [isIdle, setIsIdle] = useState(false);
  useEffect(() => {
    const look = () => setIsHidden(document.hidden);
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  useEffect(() => {
    // A rested wall waits for its button: a hand that brushes the mouse is no viewer.
    if (isIdle) return undefined;
    const stop = new AbortController();
    let timer = setTimeout(() => setIsIdle(true), afterMs);
    const wake = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setIsIdle(true), afterMs);
    };
    for (const event of ['pointermove', 'pointerdown', 'keydown', 'wheel', 'scroll']) {
      window.addEventListener(event, wake, { signal: stop.signal, passive: true, capture: true });
    }
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [isIdle, afterMs]);
  return { watching: isIdle ? 'idle' : isHidden ? 'hidden' : 'watching', goOn: () => setIsIdle(false) };
}
