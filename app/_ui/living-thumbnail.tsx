'use client';

import { ImageOff } from 'lucide-react';

import { cn } from '../_lib/class-name.ts';
import { useOnScreen } from '../_lib/use-on-screen.ts';
import { useThumbnail } from '../_lib/use-thumbnail.ts';

type LivingThumbnailProps = { url: string; alt: string; intervalMs: number; className?: string };

/** The latest picture of a stream in a place that is kept for it; dimmed by nothing, jumped by nothing. */
export function LivingThumbnail({ url, alt, intervalMs, className }: LivingThumbnailProps) {
  const [frame, isOn] = useOnScreen<HTMLSpanElement>();
  const { src, isMissing } = useThumbnail(url, intervalMs, isOn);
  return (
    <span
      ref={frame}
      data-theme="dark"
      className={cn('relative block aspect-video overflow-hidden rounded-[4px] bg-raised', className)}
    >
      {src ? (
        // A blob made here: there is nothing for an image service to optimise.
        // oxlint-disable-next-line nextjs/no-img-element
        <img src={src} alt={alt} decoding="sync" className="absolute inset-0 size-full object-cover" />
      ) : (
        <span
          className={cn('absolute inset-0 flex items-center justify-center', !isMissing && 'animate-breathe bg-hover')}
        >
          {isMissing ? <ImageOff aria-label={alt} strokeWidth={1.25} className="size-4 text-faint" /> : null}
        </span>
      )}
    </span>
  );
}
