'use client';

import { LoaderCircle } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';

import type { CameraView } from '#server/contracts/camera.ts';
import type { MediaState } from '#server/contracts/media-state.ts';

import { cn } from '../../_lib/class-name.ts';
import type { EarthClock } from '../../_lib/earth-clock.ts';
import { formatMoment } from '../../_lib/format.ts';
import { isExplainedByOutage, outageOf } from '../../_lib/playback/outage.ts';
import { useFollowedCoverage } from '../../_lib/playback/use-followed-coverage.ts';
import { useSteppedPicture } from '../../_lib/playback/use-moment-picture.ts';
import { useStreamSession } from '../../_lib/playback/use-stream-session.ts';
import { useThumbnail } from '../../_lib/use-thumbnail.ts';
import { TileFacts } from './tile-facts.tsx';

const posterEveryMs = 5000;

type TilePictureProps = {
  index: number;
  camera: CameraView;
  media: MediaState | null;
  label: string;
  isLowLatency: boolean;
  /** On the screen, and looked at. Off, the stream is let go and the last still picture stands. */
  isOn: boolean;
  /** Its sound is heard; of one tile at a time. */
  isHeard: boolean;
  clock: EarthClock | null;
};

/** One picture of a wall: live, at a moment of the past, single pictures where time runs fast, or what there is instead. */
export function TilePicture({ index, camera, media, label, isLowLatency, isOn, isHeard, clock }: TilePictureProps) {
  const t = useTranslations('wall');
  const player = useTranslations('player');
  const locale = useLocale();
  const { streamId, timeZone } = camera;
  const { spans, showing, pastMs } = useFollowedCoverage({ streamId, clock, sinceHours: 24, isOn: false });
  const isVideo = isOn && showing === 'video';
  const { attach, session, state } = useStreamSession({
    hlsUrl: camera.playback.hls,
    startMs: null,
    spans,
    clock,
    isOn: isVideo,
    isLowLatency,
  });
  const isPlaying = state?.phase.type === 'playing';
  const isStill = isOn && pastMs !== null && showing !== 'hole' && !(isVideo && isPlaying);
  const stepped = useSteppedPicture(streamId, isStill && pastMs !== null ? Math.floor(pastMs / 1000) * 1000 : null);
  const poster = useThumbnail(camera.playback.thumbnail, posterEveryMs, isOn && pastMs === null && !isPlaying);
  const src = pastMs === null ? poster.src : stepped.src;
  const failure = isVideo && state?.phase.type === 'failed' ? state.phase.failure : null;
  // Nothing has come for ten seconds where a camera is offline: what still plays is what was there before.
  const mayBeOut = isVideo && state !== null && isExplainedByOutage(state, true);
  const outage = mayBeOut ? outageOf({ camera, media, spans }) : null;
  const pastWords = pastMs === null ? '' : formatMoment({ ms: pastMs, timeZone, locale });
  const failureWords = failure === null ? null : player(`failure.${failure}.title`, { codec: '', time: pastWords });
  const nowWords = outage ? player(`outage.${outage.state}`) : failureWords;
  const note = showing === 'hole' && pastMs !== null ? t('noRecording', { time: pastWords }) : nowWords;
  return (
    <>
      {src && !isPlaying && showing !== 'hole' ? (
        // A blob made here: there is nothing for an image service to optimise.
        // oxlint-disable-next-line nextjs/no-img-element
        <img
          src={src}
          alt=""
          className={cn('absolute inset-0 size-full object-contain', note !== null && 'opacity-25')}
        />
      ) : null}
      {isVideo ? (
        // A camera has no captions to give.
        // oxlint-disable-next-line jsx-a11y/media-has-caption
        <video
          ref={attach}
          muted={!isHeard}
          playsInline
          aria-label={label}
          className={cn(
            'absolute inset-0 size-full object-contain',
            !isPlaying && 'invisible',
            outage !== null && 'opacity-25',
          )}
        />
      ) : null}
      {isVideo && !isPlaying && note === null ? (
        <span className="absolute top-1/2 left-1/2 -translate-1/2">
          <LoaderCircle aria-hidden="true" strokeWidth={1.5} className="size-5 animate-spin text-quiet" />
          <span className="sr-only">{t('opening')}</span>
        </span>
      ) : null}
      {note === null ? null : (
        <p className="absolute inset-x-4 top-1/2 -translate-y-1/2 text-center text-13 text-balance">{note}</p>
      )}
      <TileFacts
        index={index}
        camera={camera}
        media={media}
        session={session}
        stillMs={isStill && !isVideo ? stepped.capturedMs : null}
        isHole={showing === 'hole'}
        clock={clock}
      />
    </>
  );
}
