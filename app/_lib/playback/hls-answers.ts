import type { HlsConfig } from 'hls.js';

import { patientLoader } from './patient-loader.ts';

/** The settings of hls.js for one opening. `liveSyncDurationCount` is left alone: naming it switches low latency off. */
export function hlsConfig(defaults: HlsConfig, isLowLatency: boolean): Partial<HlsConfig> {
  return {
    lowLatencyMode: isLowLatency,
    loader: patientLoader(defaults.loader),
    // How far back a stall puts the picture, and how it comes forward again, `LiveChase` decides.
    liveSyncOnStallIncrease: isLowLatency ? 0 : defaults.liveSyncOnStallIncrease,
    backBufferLength: 60,
    maxBufferLength: 20,
    playlistLoadPolicy: {
      default: {
        ...defaults.playlistLoadPolicy.default,
        // A source that starts on demand holds its playlist up to 12 s.
        maxTimeToFirstByteMs: 15_000,
        maxLoadTimeMs: 25_000,
        errorRetry: {
          // hls.js takes a playlist of parts without a whole segment for an error: the first one is a group of pictures away.
          maxNumRetry: 60,
          retryDelayMs: 200,
          maxRetryDelayMs: 200,
          backoff: 'linear',
          shouldRetry: (_config, count, _isTimeout, answer, wouldRetry) =>
            wouldRetry && (answer?.code === 200 || count < 2),
        },
      },
    },
  };
}

/** In the HTML standard, and in Safari alone. */
type DatedVideo = HTMLVideoElement & { getStartDate: () => Date };
const isDated = (video: HTMLVideoElement): video is DatedVideo => 'getStartDate' in video;

/** Safari's own player: the wall clock of media time 0. */
export function startDateOf(video: HTMLVideoElement): number | null {
  if (!isDated(video)) return null;
  const startMs = video.getStartDate().getTime();
  return Number.isNaN(startMs) ? null : startMs;
}

/** What `Retry-After` of a refused playlist asks for, bounded. */
export function retryAfterMs(answer: unknown): number | null {
  if (!(answer instanceof XMLHttpRequest)) return null;
  const seconds = Number(answer.getResponseHeader('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(30, seconds) * 1000 : null;
}
