import { ImageOff } from 'lucide-react';
import type { Ref } from 'react';

import { cn } from '../_lib/class-name.ts';

type StillThumbnailProps = {
  frame: Ref<HTMLSpanElement>;
  src: string | null;
  /** The largest of the page: fetched before the others, and not at all where it is hidden. */
  isMain?: boolean;
  alt: string;
  isMissing: boolean;
  /** Said where there is no picture; without it a sign stands there. */
  missing?: string | undefined;
  className?: string | undefined;
};

/** A picture in a place that is kept for it, until it comes and where there is none. */
export function StillThumbnail(props: StillThumbnailProps) {
  const { frame, src, alt, isMissing, isMain = false, missing, className } = props;
  return (
    <span
      ref={frame}
      data-theme="dark"
      className={cn('relative block aspect-video overflow-hidden rounded-[4px] bg-raised', className)}
    >
      {src ? (
        // The server's own picture, or a blob made here: there is nothing for an image service to optimise.
        // oxlint-disable-next-line nextjs/no-img-element
        <img
          src={src}
          alt={alt}
          decoding="sync"
          {...(isMain && { loading: 'lazy', fetchPriority: 'high' })}
          className="absolute inset-0 size-full object-cover"
        />
      ) : (
        <span
          className={cn('absolute inset-0 flex items-center justify-center', !isMissing && 'animate-breathe bg-hover')}
        >
          {isMissing && missing ? (
            <span className="max-w-80 px-4 text-center text-13 text-quiet">{missing}</span>
          ) : isMissing ? (
            <ImageOff aria-label={alt} strokeWidth={1.25} className="size-4 text-faint" />
          ) : null}
        </span>
      )}
    </span>
  );
}
