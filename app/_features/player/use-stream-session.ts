'use client';

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

import type { Span } from './coverage.ts';
import type { SessionState } from './session-state.ts';
import { StreamSession } from './stream-session.ts';

type Wanted = {
  hlsUrl: string;
  /** Where to begin: a moment of the recording, or live. */
  startMs: number | null;
  spans: readonly Span[];
};

const noListener = () => () => undefined;

/** One session as long as the page shows this stream; `attach` is the ref of its `<video>`. */
export function useStreamSession({ hlsUrl, startMs, spans }: Wanted): {
  attach: (video: HTMLVideoElement) => () => void;
  session: StreamSession | null;
  state: SessionState | null;
} {
  const [session, setSession] = useState<StreamSession | null>(null);
  const attach = useCallback(
    (video: HTMLVideoElement) => {
      const made = new StreamSession({ video, hlsUrl });
      setSession(made);
      if (startMs === null) made.goLive();
      else made.seekTo(startMs);
      return () => made.close();
    },
    [hlsUrl, startMs],
  );
  useEffect(() => session?.setCoverage(spans), [session, spans]);
  const state = useSyncExternalStore(
    session?.subscribe ?? noListener,
    () => session?.state() ?? null,
    () => null,
  );
  return { attach, session, state };
}
