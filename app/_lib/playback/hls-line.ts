import type Hls from 'hls.js';
import type { ErrorData } from 'hls.js';

import { isLadderUrl, plainUrl } from './destination.ts';
import { hlsConfig, retryAfterMs, startDateOf } from './hls-answers.ts';
import { LiveChase } from './live-chase.ts';
import { loadHls } from './load-hls.ts';
import { mediaTimeOf, type DatedFragment } from './picture-time.ts';
import { levelOf, rungs, type Bandwidth, type Level, type Quality, type Rung } from './quality.ts';

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
  /** Among what its playlist offers; the player's own choice where that is not among it. */
  setQuality: (quality: Quality) => void;
  /** Null before anything was measured. */
  bandwidth: () => Bandwidth | null;
  close: () => void;
}

export type LineRequest = {
  video: HTMLVideoElement;
  url: string;
  isLowLatency: boolean;
  /** The moment of a recording to begin at; null for live. */
  startMs: number | null;
  quality: Quality;
  /** It did not carry the source before. */
  isNarrow: boolean;
  signal: AbortSignal;
  onReady: () => void;
  /** What the playlist offers below the source. */
  onRungs: (rungs: readonly Rung[]) => void;
  onLevel: (level: Level) => void;
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
  video.src = plainUrl(url);
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
    setQuality: () => undefined,
    bandwidth: () => null,
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

/** hls.js's number of what was chosen; −1 leaves it to hls.js. */
function levelIndex(hls: Hls, quality: Quality): number {
  return hls.levels.findIndex((level) => levelOf(level.uri) === quality);
}

function bandwidthOf(hls: Hls): Bandwidth | null {
  const level = hls.levels[hls.currentLevel];
  const estimate = hls.bandwidthEstimate;
  // Before it has measured, hls.js tells what it was told to assume.
  if (!level || !Number.isFinite(estimate) || estimate === hls.abrEwmaDefaultEstimate) return null;
  return { estimate, needed: level.averageBitrate };
}

/** Follows the live edge for as long as `isOn`. */
function chaseEdge(hls: Hls, chase: LiveChase, { video, signal }: Pick<LineRequest, 'video' | 'signal'>) {
  const chased = {
    isOn: true,
    look: () => {
      const { targetLatency, latestLevelDetails: details } = hls;
      const { buffered, currentTime, defaultPlaybackRate } = video;
      // Who chose a speed keeps it.
      if (defaultPlaybackRate !== 1 || signal.aborted) return;
      const mayChase = chased.isOn && hls.lowLatencyMode && details?.live === true && targetLatency !== null;
      const ahead = buffered.length > 0 ? buffered.end(buffered.length - 1) - currentTime : 0;
      const rate = mayChase
        ? chase.rateAt(
            { latency: hls.latency, target: targetLatency, ahead, partTarget: details.partTarget || null },
            performance.now(),
          )
        : 1;
      if (video.playbackRate !== rate) video.playbackRate = rate;
    },
  };
  video.addEventListener('timeupdate', chased.look, { signal });
  return chased;
}

function hlsLine(HlsClass: typeof Hls, request: LineRequest): Line {
  const { video, url, isLowLatency, quality, isNarrow, onReady, onRungs, onLevel, onFault } = request;
  const hls = new HlsClass(hlsConfig(HlsClass.DefaultConfig, isLowLatency));
  const chase = new LiveChase();
  const chased = chaseEdge(hls, chase, request);
  let fragments: readonly DatedFragment[] = [];
  hls.on(HlsClass.Events.ERROR, (_event, data) => {
    const fault = faultOf(data);
    if (fault?.type === 'stalled') chase.stalled(performance.now());
    if (fault) onFault(fault);
  });
  hls.on(HlsClass.Events.LEVEL_UPDATED, (_event, { details }) => {
    const isFirst = fragments.length === 0;
    fragments = details.fragments;
    if (isFirst) startAt(hls, request, fragments);
  });
  hls.on(HlsClass.Events.MANIFEST_PARSED, () => {
    const levels = new Set(hls.levels.map((level) => levelOf(level.uri)));
    onRungs(rungs.filter((rung) => levels.has(rung)));
    const index = levelIndex(hls, quality);
    if (index >= 0) {
      hls.startLevel = index;
      hls.loadLevel = index;
    } else if (!isNarrow) hls.startLevel = levelIndex(hls, 'source');
    onReady();
  });
  hls.on(HlsClass.Events.LEVEL_SWITCHED, (_event, { level }) => {
    const playing = levelOf(hls.levels[level]?.uri ?? '');
    if (playing) onLevel(playing);
  });
  hls.attachMedia(video);
  hls.loadSource(url);
  return {
    isNative: false,
    fragments: () => fragments,
    edge: () => {
      const edge = hls.liveSyncPosition;
      return edge === null ? null : edge - chase.margin(performance.now());
    },
    pictureMs: () => hls.playingDate?.getTime() ?? null,
    recoverDecoder: () => hls.recoverMediaError(),
    setLowLatency: (isOn, isChasing) => {
      hls.lowLatencyMode = isOn;
      chased.isOn = isChasing;
      chased.look();
    },
    setBufferSeconds: (seconds) => {
      hls.config.maxBufferLength = seconds;
    },
    setQuality: (chosen) => {
      hls.nextLevel = levelIndex(hls, chosen);
    },
    bandwidth: () => bandwidthOf(hls),
    close: () => hls.destroy(),
  };
}

/** Opens a playlist with hls.js, loaded when the first is opened, or with the browser's own player. Null when it was given up meanwhile. */
export const openLine: OpenLine = async (request) => {
  const { default: HlsClass } = await loadHls(isLadderUrl(request.url));
  if (request.signal.aborted) return null;
  if (HlsClass.isSupported()) return hlsLine(HlsClass, request);
  if (request.video.canPlayType('application/vnd.apple.mpegurl') !== '') return nativeLine(request);
  request.onFault({ type: 'unsupported' });
  return null;
};
