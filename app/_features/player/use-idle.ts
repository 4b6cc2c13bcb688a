'use client';

import { useEffect, useState } from 'react';

const idleAfterMs = 3000;

/** Whether the pointer has rested over an element long enough for controls to step back. */
export function useIdle(target: HTMLElement | null): boolean {
  const [isIdle, setIsIdle] = useState(false);
  useEffect(() => {
    if (!target) return undefined;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wake = () => {
      setIsIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIsIdle(true), idleAfterMs);
    };
    for (const event of ['pointermove', 'pointerdown', 'focusin', 'keydown']) {
      target.addEventListener(event, wake, { signal: stop.signal });
    }
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [target]);
  return isIdle;
}
