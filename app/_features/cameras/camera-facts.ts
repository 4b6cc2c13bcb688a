import type { CameraView } from '#server/contracts/camera.ts';
import type { MediaState } from '#server/contracts/media-state.ts';

/** A camera as the list knows it, with what was measured since. */
export type MeasuredCamera = { camera: CameraView; media: MediaState | null };

/** Why nobody else is shown this camera; null where they are. Hidden demos are listed for who may change them, as what was withheld. */
export const withheldReasonOf = ({ demo, withheldReason }: CameraView, isDemoShown: boolean): string | null =>
  withheldReason ?? (demo && !isDemoShown ? 'demoOff' : null);

/** What is measured wins over what was listed. */
export const stateOf = ({ camera, media }: MeasuredCamera): { state: CameraView['state']; reason: string | null } =>
  media ? { state: media.state, reason: media.reason } : { state: camera.state, reason: camera.stateReason };

/** Only frames that keep coming have a distance to now that means anything. */
export function secondsBehind(measured: MeasuredCamera): number | null {
  const { state } = stateOf(measured);
  return state === 'live' || state === 'delayed' || state === 'still' || state === 'demo'
    ? (measured.media?.frameAgeMs ?? null)
    : null;
}
