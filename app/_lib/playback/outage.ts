import type { CameraState, CameraView } from '#server/contracts/camera.ts';
import type { MediaState } from '#server/contracts/media-state.ts';

import type { Span } from './coverage.ts';
import type { SessionState } from './session-state.ts';

/** Nothing comes from a camera, as far as it was measured. */
export type Outage = {
  state: Extract<CameraState, 'offline' | 'error'>;
  reason: string | null;
  sinceMs: number | null;
  /** Of the newest picture that is known of. */
  lastPictureMs: number | null;
  /** A moment whose picture the recording has: the last one. */
  recordedMs: number | null;
};

const parsed = (moment: string | null | undefined): number | null => (moment ? Date.parse(moment) : null);

type Known = {
  camera: Pick<CameraView, 'state' | 'stateReason' | 'stateSince'>;
  media: MediaState | null;
  spans: readonly Span[];
};

/** What is known of a camera that nothing comes from; null where something does. */
export function outageOf({ camera, media, spans }: Known): Outage | null {
  const state = media?.state ?? camera.state;
  if (state !== 'offline' && state !== 'error') return null;
  // A source that has just been taken up again has given nothing yet, and no fault either.
  if (media?.writing && media.reason === 'noSource') return null;
  const frameAgeMs = media?.frameAgeMs ?? null;
  const frameMs = media && frameAgeMs !== null ? Date.parse(media.measuredAt) - frameAgeMs : null;
  const recordedEndMs = spans.findLast(({ kind }) => kind === 'recorded')?.toMs ?? null;
  return {
    state,
    reason: media ? media.reason : camera.stateReason,
    sinceMs: parsed(media ? media.since : camera.stateSince),
    // After a restart of the log no frame is remembered, what was recorded is.
    lastPictureMs: frameMs ?? recordedEndMs,
    recordedMs: recordedEndMs === null ? null : Math.floor((recordedEndMs - 1) / 1000) * 1000,
  };
}

/** Whether a measured outage would explain that no picture moves now: it is said at once, while the player goes on trying. */
export function isExplainedByOutage({ phase, mode }: SessionState, isWaiting: boolean): boolean {
  if (mode.type !== 'live') return false;
  switch (phase.type) {
    case 'opening':
    case 'recovering':
      return true;
    case 'playing':
      return isWaiting;
    case 'failed':
      return phase.failure === 'offline' || phase.failure === 'starting';
  }
}
