'use client';

import { useTranslations } from 'next-intl';

import { ScrubBar } from './scrub-bar.tsx';
import type { PlayerModel } from './use-player.ts';

/** The recording of the camera that plays. */
export function RecordingBar({ player }: { player: PlayerModel }) {
  const t = useTranslations('player');
  const { camera, pictureClock, state, showing, pastMs } = player;
  const openingMs = state?.mode.type === 'past' ? state.mode.atMs : null;
  const shownMs = (showing === 'video' ? pictureClock?.pictureMs : null) ?? pastMs ?? openingMs;
  return (
    <>
      <ScrubBar
        streamId={camera.streamId}
        spans={player.spans}
        hours={player.hours}
        timeZone={camera.timeZone}
        nowMs={pictureClock?.nowMs ?? 0}
        pictureMs={shownMs}
        isLive={player.isLiveMode}
        onSeek={player.actions.seekTo}
      />
      {player.isCoverageUnknown ? <p className="text-12 text-quiet">{t('noCoverage')}</p> : null}
    </>
  );
}
