'use client';

import { useTranslations } from 'next-intl';
import { useRef, type KeyboardEvent } from 'react';

import type { BegunSearch } from './begun-search.ts';
import { useKeptFocus } from './use-kept-focus.ts';

type PaletteWaitingProps = { begun: BegunSearch; onBegun: (begun: BegunSearch) => void; onClose: () => void };

/** Stands in the palette's place while its code comes, and takes what is typed. */
export function PaletteWaiting({ begun, onBegun, onClose }: PaletteWaitingProps) {
  const t = useTranslations('palette');
  const input = useRef<HTMLInputElement>(null);
  useKeptFocus(input, true);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onClose();
    if (event.key === 'Enter') onBegun({ ...begun, isEntered: true });
    // There is nothing else here to go to.
    if (event.key === 'Tab') event.preventDefault();
  };
  return (
    <>
      <div aria-hidden="true" className="fixed inset-0 z-40 bg-veil" onPointerDown={onClose} />
      <div className="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 rounded-panel border border-line-strong bg-raised px-4 shadow-overlay">
        <input
          ref={input}
          aria-label={t('title')}
          aria-busy="true"
          placeholder={t('placeholder')}
          value={begun.query}
          onChange={(event) => onBegun({ ...begun, query: event.target.value, isEntered: false })}
          onCompositionStart={() => onBegun({ ...begun, isComposing: true })}
          onCompositionEnd={(event) => onBegun({ ...begun, query: event.currentTarget.value, isComposing: false })}
          onKeyDown={onKeyDown}
          className="h-13 w-full bg-transparent text-16 outline-none"
        />
      </div>
    </>
  );
}
