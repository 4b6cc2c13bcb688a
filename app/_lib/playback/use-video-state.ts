'use client';

import { useEffect, useState } from 'react';

export type VideoState = {
  isPaused: boolean;
  isWaiting: boolean;
  isMuted: boolean;
  volume: number;
  isPictureInPicture: boolean;
  isFullscreen: boolean;
};

const read = (video: HTMLVideoElement, stage: HTMLElement | null, isWaiting: boolean): VideoState => ({
  isPaused: video.paused,
  isWaiting,
  isMuted: video.muted || video.volume === 0,
  volume: video.volume,
  isPictureInPicture: document.pictureInPictureElement === video,
  isFullscreen: stage !== null && document.fullscreenElement === stage,
});

const events = ['play', 'pause', 'volumechange', 'enterpictureinpicture', 'leavepictureinpicture', 'emptied'] as const;

/** What the `<video>` says of itself. */
export function useVideoState(element: HTMLVideoElement | null, stage: HTMLElement | null): VideoState | null {
  const [state, setState] = useState<VideoState | null>(null);
  useEffect(() => {
    if (!element) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    let isWaiting = false;
    const look = () => setState(read(element, stage, isWaiting));
    const waits = (value: boolean) => () => {
      isWaiting = value;
      look();
    };
    for (const event of events) element.addEventListener(event, look, { signal });
    element.addEventListener('waiting', waits(true), { signal });
    element.addEventListener('seeking', waits(true), { signal });
    for (const event of ['playing', 'seeked', 'canplay']) element.addEventListener(event, waits(false), { signal });
    document.addEventListener('fullscreenchange', look, { signal });
    look();
    return () => stop.abort();
  }, [element, stage]);
  return state;
}
