'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useLocale } from 'next-intl';
import { useEffect, useMemo, useState } from 'react';

import type { CameraDetail } from '#server/contracts/camera.ts';
import type { MediaState } from '#server/contracts/media-state.ts';

import type { EarthClock } from '../../_lib/earth-clock.ts';
import { localName } from '../../_lib/format.ts';
import { oldestRecordedMs, type Span } from '../../_lib/playback/coverage.ts';
import { isExplainedByOutage, outageOf, type Outage } from '../../_lib/playback/outage.ts';
import type { SessionState } from '../../_lib/playback/session-state.ts';
import type { Showing } from '../../_lib/playback/showing.ts';
import type { StreamSession } from '../../_lib/playback/stream-session.ts';
import { useFollowedCoverage } from '../../_lib/playback/use-followed-coverage.ts';
import { usePictureClock, type PictureClock } from '../../_lib/playback/use-picture-clock.ts';
import { useStreamSession, type AttachVideo } from '../../_lib/playback/use-stream-session.ts';
import { useVideoState, type VideoState } from '../../_lib/playback/use-video-state.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMediaStates } from '../../_lib/use-media-states.ts';
import { playerActions, type PlayerActions } from './player-actions.ts';
import { barHours, type BarHours } from './scrub-bar.tsx';

/** Further behind than this, a picture is not called live by the player. */
const liveWithinMs = 15_000;
const coverageHours = 24 satisfies BarHours;

/** A recording that began a minute ago would be a hair on a bar of a day. */
function fittingHours(oldestMs: number | null): BarHours {
  const ageHours = oldestMs === null ? coverageHours : (Date.now() - oldestMs) / 3_600_000;
  return barHours.find((hours) => ageHours < hours) ?? coverageHours;
}

/** A stream that comes back is opened at once, not at the next try. */
function useReturn(session: StreamSession | null, state: SessionState | null, media: MediaState | null): void {
  const isArriving = media !== null && ['live', 'delayed', 'still', 'demo'].includes(media.state);
  const isWaitingForSource = state?.phase.type === 'failed' && ['offline', 'starting'].includes(state.phase.failure);
  useEffect(() => {
    if (isArriving && isWaitingForSource && session?.state().mode.type === 'live') {
      const soon = setTimeout(() => session.retryNow(), 500);
      return () => clearTimeout(soon);
    }
    return undefined;
  }, [isArriving, isWaitingForSource, session]);
}

type Asked = {
  cameraId: string;
  startMs: number | null;
  clock: EarthClock | null;
  onMoved: (wallMs: number | null) => void;
};

export type PlayerModel = {
  camera: CameraDetail;
  name: string;
  media: MediaState | null;
  spans: readonly Span[];
  isCoverageUnknown: boolean;
  hours: BarHours;
  setHours: (hours: BarHours) => void;
  stage: HTMLElement | null;
  session: StreamSession | null;
  state: SessionState | null;
  video: VideoState | null;
  pictureClock: PictureClock | null;
  /** Nothing comes from the camera, which explains that no picture moves; null where there is another reason or none. */
  outage: Outage | null;
  /** Which kind of picture stands for the moment, and the moment where a clock is followed into the past. */
  showing: Showing;
  pastMs: number | null;
  isPaused: boolean;
  isLiveMode: boolean;
  isAtLive: boolean;
  actions: PlayerActions;
};

/** The elements of a player, apart from what is known of it. */
type PlayerRefs = {
  setStage: (stage: HTMLElement | null) => void;
  attach: AttachVideo;
};

/** One camera as it is played: what the page and the sheet show alike. */
export function usePlayer({ cameraId, startMs, clock, onMoved }: Asked): PlayerRefs & { player: PlayerModel } {
  const locale = useLocale();
  const trpc = useTRPC();
  const { data: camera } = useSuspenseQuery(trpc.cameras.get.queryOptions({ id: cameraId }, { staleTime: 30_000 }));
  const media = useMediaStates([cameraId]).get(camera.streamId) ?? null;
  const [chosenHours, setHours] = useState<BarHours | null>(null);
  const followed = useFollowedCoverage({
    streamId: camera.streamId,
    clock,
    sinceHours: coverageHours,
    // Where nothing was written yet there is no timeline to ask for.
    isOn: (media?.oldest ?? null) !== null,
  });
  const { spans, showing, pastMs, moment } = followed;
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const { attach, session, state } = useStreamSession({
    hlsUrl: camera.playback.hls,
    hasLadder: camera.ladder === 'always',
    startMs,
    spans,
    clock,
    isOn: showing === 'video',
  });
  const video = useVideoState(session?.video ?? null, stage);
  const pictureClock = usePictureClock(session);
  useReturn(session, state, media);

  const oldestMs = media?.oldest ? Date.parse(media.oldest) : oldestRecordedMs(spans);
  const actions = useMemo(
    () => playerActions({ session, stage, oldestMs, onMoved, clock }),
    [session, stage, oldestMs, onMoved, clock],
  );
  const behindMs = pictureClock?.behindMs ?? null;
  // Before there is a session, the address says what it will begin with.
  const isSessionLive = state ? state.mode.type === 'live' : startMs === null;
  const isLiveMode = clock ? moment.mode === 'live' && state?.mode.type !== 'past' : isSessionLive;
  const mayBeOut = showing === 'video' && state !== null && isExplainedByOutage(state, video?.isWaiting ?? false);
  const player: PlayerModel = {
    camera,
    name: localName(camera, locale),
    media,
    spans,
    isCoverageUnknown: followed.isUnknown,
    hours: chosenHours ?? fittingHours(oldestMs),
    setHours,
    stage,
    session,
    state,
    video,
    pictureClock,
    outage: mayBeOut ? outageOf({ camera, media, spans }) : null,
    showing,
    pastMs,
    isPaused: moment.mode === 'past' ? !moment.playing : (video?.isPaused ?? true),
    isLiveMode,
    isAtLive: isLiveMode && !state?.isHeldBack && (behindMs === null || behindMs < liveWithinMs),
    actions,
  };
  return { setStage, attach, player };
}
