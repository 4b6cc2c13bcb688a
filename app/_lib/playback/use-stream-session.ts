'use client';

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';

import type { EarthClock } from '../earth-clock.ts';
import type { Span } from './coverage.ts';
import type { SessionState } from './session-state.ts';
import { StreamSession } from './stream-session.ts';
import { useFollow } from './use-follow.ts';

type Wanted = {
  hlsUrl: string;
  /** Smaller pictures are always there: asking for them costs nobody anything. */
  hasLadder?: boolean;
  /** Where to begin: a moment of the recording, or live. */
  startMs: number | null;
  spans: readonly Span[];
  /** The picture follows it, and begins at its moment. */
  clock?: EarthClock | null;
  /** Off, nothing is loaded and nothing held. */
  isOn?: boolean;
  isLowLatency?: boolean;
};

/** The ref of a `<video>`. */
export type AttachVideo = (video: HTMLVideoElement) => (() => void) | undefined;

const noListener = () => () => undefined;

/** One session as long as the page shows this stream; `attach` is the ref of its `<video>`. */
export function useStreamSession(wanted: Wanted): {
  attach: AttachVideo;
  session: StreamSession | null;
  state: SessionState | null;
} {
  const { hlsUrl, hasLadder = false, startMs, spans, clock = null, isOn = true, isLowLatency = true } = wanted;
  const [session, setSession] = useState<StreamSession | null>(null);
  const beginsLowLatency = useRef(isLowLatency);
  const attach = useCallback(
    (video: HTMLVideoElement) => {
      if (!isOn) return undefined;
      const made = new StreamSession({ video, hlsUrl, hasLadder, isLowLatency: beginsLowLatency.current });
      const atMs = clock ? clock.pastMs() : startMs;
      setSession(made);
      if (atMs === null) made.goLive();
      else made.seekTo(atMs);
      return () => {
        made.close();
        setSession((current) => (current === made ? null : current));
      };
    },
    [hlsUrl, hasLadder, startMs, clock, isOn],
  );
  useEffect(() => {
    beginsLowLatency.current = isLowLatency;
    session?.setLowLatency(isLowLatency);
  }, [session, isLowLatency]);
  useEffect(() => session?.setCoverage(spans), [session, spans]);
  useFollow(session, clock);
  const state = useSyncExternalStore(
    session?.subscribe ?? noListener,
    () => session?.state() ?? null,
    () => null,
  );
  return { attach, session, state };
}
