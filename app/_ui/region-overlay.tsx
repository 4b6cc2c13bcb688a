import type { PictureRegion } from '#server/contracts/picture-region.ts';

import { cn } from '../_lib/class-name.ts';
import { pointsOf } from '../_lib/regions.ts';

/** Regions over the picture they belong to; the picture's box is positioned. */
export function RegionOverlay({
  regions,
  chosen = null,
  label,
}: {
  regions: readonly PictureRegion[];
  chosen?: number | null;
  label?: string;
}) {
  return (
    <svg
      // Over a picture, which no theme lights.
      data-theme="dark"
      viewBox="0 0 1 1"
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-0 size-full"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      {regions.map((region, index) => (
        <polygon
          // Regions have no name but their place in the list.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          points={pointsOf(region)}
          vectorEffect="non-scaling-stroke"
          strokeWidth={index === chosen ? 2.5 : 1.5}
          className={cn('fill-veil', index === chosen ? 'stroke-signal' : 'stroke-text')}
        />
      ))}
    </svg>
  );
}
