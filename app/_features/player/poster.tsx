'use client';

import { cn } from '../../_lib/class-name.ts';
import { useLater } from '../../_lib/use-later.ts';
import { useThumbnail } from '../../_lib/use-thumbnail.ts';

const refreshMs = 2000;
/** Most sources that are read on demand have come by then: until there is more to see, the picture is left alone. */
const longMs = 5000;

type PosterProps = {
  url: string;
  /** At once: else only where the moving picture is long in coming. */
  isWanted: boolean;
  isDimmed: boolean;
};

/** The latest still picture where the moving one is long in coming or has gone: what the video shows by itself would age. */
export function Poster({ url, isWanted, isDimmed }: PosterProps) {
  const isLong = useLater(longMs);
  const { src } = useThumbnail(url, refreshMs, isLong || isWanted);
  if (!src) return null;
  return (
    // A blob made here: there is nothing for an image service to optimise.
    // oxlint-disable-next-line nextjs/no-img-element
    <img
      src={src}
      alt=""
      className={cn('pointer-events-none absolute inset-0 size-full object-contain', isDimmed && 'opacity-60')}
    />
  );
}
