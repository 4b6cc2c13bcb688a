'use client';

import type { CameraView } from '#server/contracts/camera.ts';

import { useSteppedPicture } from '../../_lib/playback/use-moment-picture.ts';
import { useOnScreen } from '../../_lib/use-on-screen.ts';
import { LivingThumbnail } from '../../_ui/living-thumbnail.tsx';
import { StillThumbnail } from '../../_ui/still-thumbnail.tsx';

type MomentThumbnailProps = {
  camera: Pick<CameraView, 'streamId' | 'playback' | 'recordPolicy'>;
  /** The moment that is shown; null is now. */
  pastMs: number | null;
  alt: string;
  /** How often the picture may change, be it now or in the past. */
  intervalMs: number;
  className?: string;
};

function PastThumbnail({ camera, pastMs, alt, intervalMs, className }: MomentThumbnailProps & { pastMs: number }) {
  const [frame, isOn] = useOnScreen<HTMLSpanElement>();
  const stepMs = Math.max(1000, intervalMs);
  // Nothing is asked for that is not there: most cameras of a feed are never recorded.
  const isRecorded = camera.recordPolicy.mode !== 'off';
  const atMs = Math.floor(pastMs / stepMs) * stepMs;
  const { src, isMissing } = useSteppedPicture(camera.streamId, isOn && isRecorded ? atMs : null);
  return (
    <StillThumbnail frame={frame} src={src} alt={alt} isMissing={isMissing || !isRecorded} className={className} />
  );
}

/** A camera's picture at the moment that the planet shows. */
export function MomentThumbnail({ pastMs, camera, ...rest }: MomentThumbnailProps) {
  if (pastMs !== null) return <PastThumbnail camera={camera} pastMs={pastMs} {...rest} />;
  return <LivingThumbnail url={camera.playback.thumbnail} {...rest} />;
}
