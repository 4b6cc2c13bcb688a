'use client';

import { LoaderCircle } from 'lucide-react';

import { cn } from '../../_lib/class-name.ts';
import { usePointedPicture } from '../../_lib/playback/use-moment-picture.ts';

type ScrubPreviewProps = {
  streamId: string;
  /** The moment under the pointer; null where nothing was recorded there. */
  ms: number | null;
  words: string;
};

/** What was to be seen at the moment under the pointer. Its place is kept, so that a picture that comes moves nothing. */
export function ScrubPreview({ streamId, ms, words }: ScrubPreviewProps) {
  const { src, isMissing, isLoading } = usePointedPicture(streamId, ms);
  const hasPicture = ms !== null && src !== null && !isMissing;
  return (
    <div className="w-44 overflow-hidden rounded-control border border-line-strong bg-raised shadow-overlay">
      <div className="relative flex aspect-video items-center justify-center bg-ground">
        {hasPicture ? (
          // A blob made here: there is nothing for an image service to optimise.
          // oxlint-disable-next-line nextjs/no-img-element
          <img
            src={src}
            alt=""
            data-testid="scrub-picture"
            className={cn('absolute inset-0 size-full object-contain', isLoading && 'opacity-60')}
          />
        ) : null}
        {isLoading && !hasPicture ? (
          <LoaderCircle strokeWidth={1.5} className="size-4 animate-spin text-faint" />
        ) : null}
      </div>
      <p className="px-2 py-1 text-center text-12 whitespace-nowrap">{words}</p>
    </div>
  );
}
