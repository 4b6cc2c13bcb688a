'use client';

import { useThumbnail } from '../../_lib/use-thumbnail.ts';

const refreshMs = 2000;

/** The latest still picture, until the moving one is there: the stage is never an empty box. */
export function Poster({ url, isHidden }: { url: string; isHidden: boolean }) {
  const { src } = useThumbnail(url, refreshMs, !isHidden);
  if (!src || isHidden) return null;
  return (
    // A blob made here: there is nothing for an image service to optimise.
    // oxlint-disable-next-line nextjs/no-img-element
    <img src={src} alt="" className="absolute inset-0 size-full object-contain opacity-60" />
  );
}
