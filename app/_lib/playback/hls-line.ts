import type Hls from 'hls.js';
import type { ErrorData } from 'hls.js';

import { hlsConfig, liveChaseRate, retryAfterMs, startDateOf } from './hls-answers.ts';
import { mediaTimeOf, type DatedFragment } from './picture-time.ts';

/** What may go wrong with a line, in the words that decide what is done about it. */
export type LineFault =
  | { type: 'unsupported' }
  | { type: 'stalled' }
  | { type: 'network'; status: number; retryAfterMs: number | null }
  | { type: 'codec' }
  | { type: 'media'; details: string };

/** One opening of one playlist: what a session needs of whatever plays it. */
export interface Line {
  readonly isNative: boolean;
  fragments: () => readonly DatedFragment[];
  /** Media time of the live edge as the playlist wants it kept; null where there is none. */
  edge: () => number | null;
  /** Wall-clock time of the picture that is shown. */
  pictureMs: () => number | null;
  recoverDecoder: () => void;
  /** Changes over without opening anew. */
  setLowLatency: (isLowLatency: boolean, isChasing: boolean) => void;
  setBufferSeconds: (seconds: number) => void;
  close: () => void;
}

export type LineRequest = {
  video: HTMLVideoElement;
  url: string;
  isLowLatency: boolean;
  /** The moment of a recording to begin at; null for live. */
  startMs: number | null;
  signal: AbortSignal;
  onReady: () => void;
  onFault: (fault: LineFault) => void;
};
export type OpenLine = (request: LineRequest) => Promise<Line | null>;

function faultOf(data: ErrorData): LineFault | null {
  const details: string = data.details;
  const type: string = data.type;
  if (!data.fatal) return details === 'bufferStalledError' ? { type: 'stalled' } : null;
  if (type === 'networkError') {
    return { type: 'network', status: data.response?.code ?? 0, retryAfterMs: retryAfterMs(data.networkDetails) };
  }
  if (details === 'manifestIncompatibleCodecsError' || details === 'bufferAddCodecError') return { type: 'codec' };
  return { type: 'media', details };
}

/** Safari's own player, where there are no Media Source Extensions. */
function nativeLine({ video, url, onReady }: LineRequest): Line {
  video.src = url;
  onReady();
  return {
    isNative: true,
    fragments: () => [],
    edge: () => null,
    pictureMs: () => {
      const startDate = startDateOf(video);
      return startDate === null ? null : startDate + video.currentTime * 1000;
    },
    recoverDecoder: () => undefined,
    setLowLatency: () => undefined,
    setBufferSeconds: () => undefined,
    close: () => {
      video.removeAttribute('src');
      video.load();
    },
  };
}

function startAt(hls: Hls, request: LineRequest, fragments: readonly DatedFragment[]): void {
  const { video, startMs, signal } = request;
  const mediaTime = startMs === null ? null : mediaTimeOf(fragments, startMs);
  if (mediaTime === null) return;
  hls.startLoad(mediaTime);
  const settle = () => {
    if (!signal.aborted && Math.abs(video.currentTime - mediaTime) > 0.5) video.currentTime = mediaTime;
  };
  video.addEventListener('loadeddata', settle, { once: true, signal });
}

function hlsLine(HlsClass: typeof Hls, request: LineRequest): Line {
  const { video, url, isLowLatency, onReady, onFault } = request;
  const hls = new HlsClass(hlsConfig(HlsClass.DefaultConfig, isLowLatency));
  let fragments: readonly DatedFragment[] = [];
  hls.on(HlsClass.Events.ERROR, (_event, data) => {
    const fault = faultOf(data);
    if (fault) onFault(fault);
  });
  hls.on(HlsClass.Events.LEVEL_UPDATED, (_event, { details }) => {
    const isFirst = fragments.length === 0;
    fragments = details.fragments;
    if (isFirst) startAt(hls, request, fragments);
  });
  hls.on(HlsClass.Events.MANIFEST_PARSED, onReady);
  hls.attachMedia(video);
  hls.loadSource(url);
  return {
    isNative: false,
    fragments: () => fragments,
    edge: () => hls.liveSyncPosition,
    pictureMs: () => hls.playingDate?.getTime() ?? null,
    recoverDecoder: () => hls.recoverMediaError(),
    setLowLatency: (isOn, isChasing) => {
      hls.lowLatencyMode = isOn;
      hls.config.maxLiveSyncPlaybackRate = isOn && isChasing ? liveChaseRate : 1;
    },
    setBufferSeconds: (seconds) => {
      hls.config.maxBufferLength = seconds;
    },
    close: () => hls.destroy(),
  };
}

/** Opens a playlist with hls.js, loaded when the first is opened, or with the browser's own player. Null when it was given up meanwhile. */
export const openLine: OpenLine = async (request) => {
  const { default: HlsClass } = await import('hls.js');
  if (request.signal.aborted) return null;
  if (HlsClass.isSupported()) return hlsLine(HlsClass, request);
  if (request.video.canPlayType('application/vnd.apple.mpegurl') !== '') return nativeLine(request);
  request.onFault({ type: 'unsupported' });
  return null;
};
