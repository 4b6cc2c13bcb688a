'use client';

import { useOnScreen } from '../_lib/use-on-screen.ts';
import { useThumbnail } from '../_lib/use-thumbnail.ts';
import { StillThumbnail } from './still-thumbnail.tsx';

type LivingThumbnailProps = {
  url: string;
  alt: string;
  intervalMs: number;
  /** Said where there is no picture; without it a sign stands there. */
  missing?: string;
  className?: string;
};

/** The latest picture of a stream in a place that is kept for it; dimmed by nothing, jumped by nothing. */
export function LivingThumbnail({ url, alt, intervalMs, missing, className }: LivingThumbnailProps) {
  const [frame, isOn] = useOnScreen<HTMLSpanElement>();
  const { src, isMissing } = useThumbnail(url, intervalMs, isOn);
  return (
    <StillThumbnail frame={frame} src={src} alt={alt} isMissing={isMissing} missing={missing} className={className} />
  );
}
