import type { EarthClock } from '../../_lib/earth-clock.ts';
import type { StreamSession } from '../../_lib/playback/stream-session.ts';

/** What buttons and keys do alike. */
export type PlayerActions = {
  togglePlay: () => void;
  step: (seconds: number) => void;
  toggleMute: () => void;
  setVolume: (volume: number) => void;
  togglePictureInPicture: () => void;
  toggleFullscreen: () => void;
  toLive: () => void;
  toOldest: () => void;
  seekTo: (wallMs: number) => void;
};

type Parts = {
  session: StreamSession | null;
  stage: HTMLElement | null;
  oldestMs: number | null;
  onMoved: (wallMs: number | null) => void;
  /** The picture follows this clock: to move in time is to move it. */
  clock: EarthClock | null;
};

const refused = () => {
  // The browser wants a gesture, or forbids it in this frame: the button did nothing, and nothing broke.
};

export function playerActions({ session, stage, oldestMs, onMoved, clock }: Parts): PlayerActions {
  const video = session?.video ?? null;
  const seekTo = (wallMs: number) => {
    if (clock) clock.goTo(wallMs);
    else session?.seekTo(wallMs);
    onMoved(wallMs);
  };
  return {
    seekTo,
    togglePlay: () => {
      const moment = clock?.state();
      if (clock && moment?.mode === 'past') clock.setPlaying(!moment.playing);
      else session?.togglePlay();
    },
    step: (seconds) => {
      if (clock?.state().mode === 'past') {
        clock.step(seconds * 1000);
        return;
      }
      const pictureMs = session?.pictureMs() ?? null;
      if (pictureMs !== null) seekTo(pictureMs + seconds * 1000);
    },
    toggleMute: () => {
      if (!video) return;
      if (video.volume === 0) video.volume = 1;
      video.muted = !video.muted;
    },
    setVolume: (volume) => {
      if (!video) return;
      video.volume = volume;
      video.muted = volume === 0;
    },
    togglePictureInPicture: () => {
      if (document.pictureInPictureElement) document.exitPictureInPicture().catch(refused);
      else video?.requestPictureInPicture().catch(refused);
    },
    toggleFullscreen: () => {
      if (document.fullscreenElement) document.exitFullscreen().catch(refused);
      else stage?.requestFullscreen().catch(refused);
    },
    toLive: () => {
      if (clock?.state().mode === 'past') clock.toLive();
      else session?.goLive();
      onMoved(null);
    },
    toOldest: () => {
      if (oldestMs !== null) seekTo(oldestMs);
    },
  };
}
