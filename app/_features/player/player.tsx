'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useMemo, useState } from 'react';
import { toast } from 'sonner';

import { cn } from '../../_lib/class-name.ts';
import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMediaStates } from '../../_lib/use-media-states.ts';
import { AboutCamera, CameraCredit } from './about-camera.tsx';
import { Controls } from './controls.tsx';
import { oldestRecordedMs } from './coverage.ts';
import { KeysHelp } from './keys-help.tsx';
import { PictureBadges } from './picture-badges.tsx';
import { PictureNote } from './picture-note.tsx';
import { playerActions } from './player-actions.ts';
import { Poster } from './poster.tsx';
import { QualityFacts } from './quality-facts.tsx';
import { barHours, ScrubBar, type BarHours } from './scrub-bar.tsx';
import { momentAddress, shareMoment } from './share.ts';
import { useCoverage } from './use-coverage.ts';
import { useIdle } from './use-idle.ts';
import { usePictureClock } from './use-picture-clock.ts';
import { usePlayerKeys } from './use-player-keys.ts';
import { useStreamSession } from './use-stream-session.ts';
import { useVideoState } from './use-video-state.ts';

/** Further behind than this, a picture is not called live by the player. */
const liveWithinMs = 15_000;
const coverageHours = 24 satisfies BarHours;

/** A recording that began a minute ago would be a hair on a bar of a day. */
function fittingHours(oldestMs: number | null): BarHours {
  const ageHours = oldestMs === null ? coverageHours : (Date.now() - oldestMs) / 3_600_000;
  return barHours.find((hours) => ageHours < hours) ?? coverageHours;
}

/** One camera: its picture edge to edge, live or from the recording, and what is measured of it. */
export function Player({ cameraId, startMs }: { cameraId: string; startMs: number | null }) {
  const t = useTranslations('player');
  const locale = useLocale();
  const trpc = useTRPC();
  const { data: camera } = useSuspenseQuery(trpc.cameras.get.queryOptions({ id: cameraId }, { staleTime: 30_000 }));
  const media = useMediaStates([cameraId]).get(camera.streamId) ?? null;
  const [chosenHours, setHours] = useState<BarHours | null>(null);
  const { spans, isUnknown } = useCoverage(camera.streamId, coverageHours);
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const { attach, session, state } = useStreamSession({ hlsUrl: camera.playback.hls, startMs, spans });
  const videoState = useVideoState(session?.video ?? null, stage);
  const clock = usePictureClock(session);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const isIdle = useIdle(stage);

  // A stream that comes back is opened at once, not at the next try.
  const isArriving = media !== null && ['live', 'delayed', 'still', 'demo'].includes(media.state);
  const isWaitingForSource = state?.phase.type === 'failed' && ['offline', 'starting'].includes(state.phase.failure);
  useEffect(() => {
    if (isArriving && isWaitingForSource && session?.state().mode.type === 'live') {
      const soon = setTimeout(() => session.retryNow(), 500);
      return () => clearTimeout(soon);
    }
    return undefined;
  }, [isArriving, isWaitingForSource, session]);

  const oldestMs = media?.oldest ? Date.parse(media.oldest) : oldestRecordedMs(spans);
  const hours = chosenHours ?? fittingHours(oldestMs);
  const actions = useMemo(
    () =>
      playerActions({
        session,
        stage,
        oldestMs,
        onMoved: (wallMs) => window.history.replaceState(null, '', momentAddress(cameraId, wallMs)),
      }),
    [session, stage, oldestMs, cameraId],
  );
  usePlayerKeys(actions, () => setIsHelpOpen(true));

  const name = localName(camera, locale);
  const behindMs = clock?.behindMs ?? null;
  const isLiveMode = state?.mode.type !== 'past';
  const isAtLive = isLiveMode && !state?.isHeldBack && (behindMs === null || behindMs < liveWithinMs);
  const share = async () => {
    const address = momentAddress(cameraId, isAtLive ? null : (clock?.pictureMs ?? null));
    const whole = new URL(address, window.location.origin).href;
    toast((await shareMoment(whole)) ? t('copied') : t('copyFailed', { address: whole }));
  };
  const isQuiet = isIdle && videoState?.isPaused === false && state?.phase.type === 'playing';

  return (
    <div className="lg:grid lg:h-dvh lg:grid-cols-[minmax(0,1fr)_22rem]">
      <section
        ref={setStage}
        data-theme="dark"
        aria-label={t('label', { name })}
        className={cn('relative flex flex-col bg-ground text-text lg:min-h-0', isQuiet && 'lg:cursor-none')}
      >
        <div className="relative aspect-video overflow-hidden lg:aspect-auto lg:min-h-0 lg:grow">
          <Poster url={camera.playback.thumbnail} isHidden={state?.phase.type === 'playing'} />
          <video
            ref={attach}
            muted
            playsInline
            aria-label={t('label', { name })}
            onClick={actions.togglePlay}
            onDoubleClick={actions.toggleFullscreen}
            className={cn('absolute inset-0 size-full object-contain', state?.phase.type === 'failed' && 'opacity-25')}
          />
          <PictureBadges
            state={media?.state ?? camera.state}
            reason={media?.reason ?? camera.stateReason}
            isRecording={!isLiveMode}
            behindMs={state?.phase.type === 'playing' ? behindMs : null}
          />
          {state ? (
            <PictureNote
              state={state}
              codecs={media?.codecs ?? null}
              timeZone={camera.timeZone}
              isPaused={videoState?.isPaused ?? true}
              isWaiting={videoState?.isWaiting ?? false}
              isOnDemand={media?.writing === false}
              nowMs={clock?.browserMs ?? 0}
              onRetry={() => session?.retryNow()}
              onLive={actions.toLive}
              onPlay={actions.togglePlay}
            />
          ) : null}
        </div>
        <div
          className={cn(
            'px-3 pt-2 pb-2 transition-opacity duration-300 md:px-5 lg:absolute lg:inset-x-0 lg:bottom-0 lg:bg-linear-to-t lg:from-ground lg:via-veil lg:to-transparent lg:pt-10',
            isQuiet && 'lg:opacity-0 lg:focus-within:opacity-100',
          )}
        >
          <ScrubBar
            spans={spans}
            hours={hours}
            timeZone={camera.timeZone}
            nowMs={clock?.nowMs ?? 0}
            pictureMs={clock?.pictureMs ?? (state?.mode.type === 'past' ? state.mode.atMs : null)}
            isLive={isLiveMode}
            onSeek={actions.seekTo}
          />
          {isUnknown ? <p className="text-12 text-quiet">{t('noCoverage')}</p> : null}
          <Controls
            actions={actions}
            video={videoState}
            clock={clock}
            timeZone={camera.timeZone}
            isAtLive={isAtLive}
            hasSound={media?.audio ?? false}
            hours={hours}
            onHours={setHours}
            onShare={() => void share()}
            onHelp={() => setIsHelpOpen(true)}
          />
        </div>
      </section>
      <aside
        aria-label={t('about')}
        className="px-4 py-5 md:px-6 lg:overflow-y-auto lg:border-l lg:border-line lg:bg-raised"
      >
        <AboutCamera camera={camera} shownMs={clock ? (clock.pictureMs ?? clock.nowMs) : null} />
        <h2 className="pt-5 pb-1 text-13 font-semibold">{t('measured')}</h2>
        <QualityFacts
          media={media}
          droppedFrames={clock?.droppedFrames ?? 0}
          session={state}
          timeZone={camera.timeZone}
        />
        <CameraCredit camera={camera} />
      </aside>
      <KeysHelp isOpen={isHelpOpen} onOpenChange={setIsHelpOpen} />
    </div>
  );
}
