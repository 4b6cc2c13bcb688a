'use client';

import { useLocale, useTranslations } from 'next-intl';

import type { CameraView } from '#server/contracts/camera.ts';
import type { MediaState } from '#server/contracts/media-state.ts';

import type { EarthClock } from '../../_lib/earth-clock.ts';
import { formatClock, formatDuration, localName, localPlace } from '../../_lib/format.ts';
import type { StreamSession } from '../../_lib/playback/stream-session.ts';
import { usePictureClock } from '../../_lib/playback/use-picture-clock.ts';
import { StateMark } from '../../_ui/state-mark.tsx';

/** Further from the clock than this is said; less is being mended, or is the distance of one single picture to the next. */
const driftShownMs = { video: 1000, still: 4000 };

type TileFactsProps = {
  index: number;
  camera: CameraView;
  media: MediaState | null;
  session: StreamSession | null;
  /** Of a single picture that stands for the video; null while video plays. */
  stillMs: number | null;
  /** Nothing was recorded at the clock's moment. */
  isHole: boolean;
  clock: EarthClock | null;
};

/** Which place, what time it is there in the picture, and how far that is from now. Renders four times a second, alone. */
export function TileFacts({ index, camera, media, session, stillMs, isHole, clock }: TileFactsProps) {
  const t = useTranslations('wall');
  const words = useTranslations('state');
  const locale = useLocale();
  const picture = usePictureClock(session);
  const { timeZone } = camera;
  const pastMs = clock?.pastMs() ?? null;
  const pictureMs = stillMs ?? picture?.pictureMs ?? null;
  const shownMs = pictureMs ?? pastMs ?? picture?.nowMs ?? null;
  const state = media?.state ?? camera.state;
  const driftMs = pastMs !== null && pictureMs !== null ? pictureMs - pastMs : null;
  const moment = clock?.state();
  const rate = moment?.mode === 'past' ? moment.rate : 1;
  const isOff =
    driftMs !== null && Math.abs(driftMs) > (stillMs === null ? driftShownMs.video : driftShownMs.still) * rate;
  const behindMs = picture && pictureMs !== null ? picture.nowMs - pictureMs : null;
  return (
    <div
      data-testid="tile-facts"
      data-picture-ms={pictureMs === null ? undefined : Math.round(pictureMs)}
      data-drift-ms={driftMs === null ? undefined : Math.round(driftMs)}
      className="pointer-events-none absolute inset-x-0 bottom-0 flex items-end gap-3 bg-linear-to-t from-ground via-veil to-transparent px-2.5 pt-8 pb-2 text-12"
    >
      <span aria-hidden="true" className="figure text-quiet">
        {index + 1}
      </span>
      <span className="min-w-0 grow">
        <span className="block truncate text-13 font-medium">{localName(camera, locale)}</span>
        <span className="block truncate text-quiet">{localPlace(camera, locale)}</span>
      </span>
      <span className="flex shrink-0 flex-col items-end">
        <span className="figure flex items-center gap-1.5">
          {pastMs === null ? (
            <>
              <StateMark state={state} />
              <span className="sr-only">{words(state)}</span>
            </>
          ) : (
            <span className="font-sans text-quiet">{isHole ? null : t('recorded')}</span>
          )}
          {shownMs === null ? '--:--:--' : formatClock({ ms: shownMs, timeZone, locale })}
        </span>
        <span className="figure text-quiet">
          {isOff
            ? t('drift', { time: formatDuration(Math.abs(driftMs ?? 0), locale) })
            : pastMs === null && behindMs !== null
              ? t('behind', { time: formatDuration(behindMs, locale) })
              : '\u00a0'}
        </span>
      </span>
    </div>
  );
}
