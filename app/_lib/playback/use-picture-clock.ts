'use client';

import { useEffect, useState } from 'react';

import { serverNow } from '../server-clock.ts';
import type { StreamSession } from './stream-session.ts';

export type PictureClock = {
  nowMs: number;
  browserMs: number;
  pictureMs: number | null;
  behindMs: number | null;
  droppedFrames: number;
};

/** The time in the picture against the time now, four times a second. */
export function usePictureClock(session: StreamSession | null): PictureClock | null {
  const [clock, setClock] = useState<PictureClock | null>(null);
  useEffect(() => {
    const look = () => {
      const nowMs = serverNow();
      const pictureMs = session?.pictureMs() ?? null;
      const behindMs = pictureMs === null ? null : nowMs - pictureMs;
      setClock({ nowMs, browserMs: Date.now(), pictureMs, behindMs, droppedFrames: session?.droppedFrames() ?? 0 });
    };
    look();
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [session]);
  return clock;
}
