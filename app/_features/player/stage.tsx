'use client';

import { useState } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { useSteppedPicture } from '../../_lib/playback/use-moment-picture.ts';
import type { AttachVideo } from '../../_lib/playback/use-stream-session.ts';
import { HoleNote } from './hole-note.tsx';
import { PictureBadges } from './picture-badges.tsx';
import { PictureNote } from './picture-note.tsx';
import { Poster } from './poster.tsx';
import type { PlayerModel } from './use-player.ts';

/** The moment whose still picture stands where no video plays yet, none plays so fast, or none comes any more. */
function stillMoment({ showing, pastMs, state, outage }: PlayerModel): number | null {
  if (showing === 'steps') return pastMs;
  if (outage) return outage.recordedMs;
  if (showing === 'hole' || state?.phase.type === 'playing' || state?.mode.type !== 'past') return null;
  return Math.floor(state.mode.atMs / 1000) * 1000;
}

const noPicture = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

type StageProps = {
  player: PlayerModel;
  attach: AttachVideo;
  label: string;
  className?: string;
  /** Keeps what is said over the picture off the controls that lie over it. */
  noteClassName?: string;
  /** Where the state and the distance to now stand over a drawn picture, whose name and time code are at its top. */
  drawnBadgesClassName?: string;
};

/** Picture, state, distance to now, and what is said over the picture while it does not simply play. */
export function Stage({ player, attach, label, className, noteClassName, drawnBadgesClassName }: StageProps) {
  const { camera, media, state, showing, pastMs, pictureClock, actions, session, outage } = player;
  const stepped = useSteppedPicture(camera.streamId, stillMoment(player));
  const isPlaying = showing === 'video' && state?.phase.type === 'playing';
  const nowMs = pictureClock?.nowMs ?? null;
  const steppedMs = showing === 'steps' ? stepped.capturedMs : null;
  const steppedBehindMs = steppedMs !== null && nowMs !== null ? nowMs - steppedMs : null;
  const shownBehindMs = isPlaying ? (pictureClock?.behindMs ?? null) : steppedBehindMs;
  const isOut = outage !== null;
  const isTrying = state === null || state.phase.type === 'opening' || state.phase.type === 'playing';
  const [hasPlayed, setHasPlayed] = useState(false);
  if (isPlaying && !hasPlayed) setHasPlayed(true);
  // Written into the page by the server, so that a picture stands there before any script runs. A video that begins again would
  // show what was then: it has an empty one.
  const poster = isPlaying || !hasPlayed ? camera.playback.thumbnail : noPicture;
  return (
    <div className={cn('relative overflow-hidden', className)}>
      <video
        ref={attach}
        poster={player.isLiveMode ? poster : undefined}
        muted
        playsInline
        aria-label={label}
        onClick={actions.togglePlay}
        onDoubleClick={actions.toggleFullscreen}
        className={cn(
          'absolute inset-0 size-full object-contain',
          state?.phase.type === 'failed' && !isOut && 'opacity-25',
          showing !== 'video' && 'invisible',
        )}
      />
      {player.isLiveMode && showing === 'video' && !isPlaying ? (
        <Poster
          url={camera.playback.thumbnail}
          isWanted={hasPlayed || isOut || !isTrying}
          isDimmed={!isOut && !isTrying}
        />
      ) : null}
      {stepped.src && !isPlaying ? (
        // A blob made here: there is nothing for an image service to optimise.
        // oxlint-disable-next-line nextjs/no-img-element
        <img
          src={stepped.src}
          alt=""
          data-testid="stepped"
          className={cn('absolute inset-0 size-full object-contain', showing !== 'steps' && !isOut && 'opacity-60')}
        />
      ) : null}
      {/* What is over is not as bright as what is now. */}
      {isOut ? <span aria-hidden="true" className="pointer-events-none absolute inset-0 bg-veil" /> : null}
      <PictureBadges
        state={media?.state ?? camera.state}
        reason={media?.reason ?? camera.stateReason}
        isRecording={!player.isLiveMode}
        behindMs={shownBehindMs}
        className={camera.kind === 'synthetic' ? drawnBadgesClassName : undefined}
      />
      {state && showing === 'video' ? (
        <PictureNote
          state={state}
          outage={outage}
          codecs={media?.codecs ?? null}
          timeZone={camera.timeZone}
          isPaused={player.isPaused}
          isWaiting={player.video?.isWaiting ?? false}
          isOnDemand={media?.writing === false}
          nowMs={pictureClock?.browserMs ?? 0}
          onRetry={() => session?.retryNow()}
          onLive={actions.toLive}
          onPlay={actions.togglePlay}
          className={noteClassName}
        />
      ) : null}
      {showing === 'hole' && pastMs !== null ? (
        <HoleNote
          atMs={pastMs}
          spans={player.spans}
          timeZone={camera.timeZone}
          onGo={actions.seekTo}
          onLive={actions.toLive}
        />
      ) : null}
    </div>
  );
}
