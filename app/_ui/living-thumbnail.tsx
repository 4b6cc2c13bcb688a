'use client';

import { useLater } from '../_lib/use-later.ts';
import { useOnScreen } from '../_lib/use-on-screen.ts';
import { useThumbnail } from '../_lib/use-thumbnail.ts';
import { StillThumbnail } from './still-thumbnail.tsx';

const stillMs = 1500;

type LivingThumbnailProps = {
  url: string;
  alt: string;
  intervalMs: number;
  /** Said where there is no picture; without it a sign stands there. */
  missing?: string;
  /** The largest picture of the page: stands in it as the server writes it, and lives when the page is there. */
  isMain?: boolean;
  className?: string;
};

/** The latest picture of a stream in a place that is kept for it; dimmed by nothing, jumped by nothing. */
export function LivingThumbnail({ url, intervalMs, isMain = false, ...rest }: LivingThumbnailProps) {
  const [frame, isOn] = useOnScreen<HTMLSpanElement>();
  const isLater = useLater(stillMs);
  const { src, isMissing } = useThumbnail(url, intervalMs, isOn && (!isMain || isLater));
  const isStill = isMain && src === null && !isMissing;
  return <StillThumbnail frame={frame} src={isStill ? url : src} isMissing={isMissing} isMain={isStill} {...rest} />;
}
