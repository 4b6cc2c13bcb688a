'use client';

import { useEffect, useState } from 'react';

import { serverNow } from '../../_lib/server-clock.ts';

/** Now by the server's clock, once a second; null before the page runs in a browser. */
export function useNow(): number | null {
  const [nowMs, setNowMs] = useState<number | null>(null);
  useEffect(() => {
    const look = () => setNowMs(serverNow());
    const soon = setTimeout(look, 0);
    const timer = setInterval(look, 1000);
    return () => {
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, []);
  return nowMs;
}
