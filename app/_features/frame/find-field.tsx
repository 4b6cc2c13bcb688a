'use client';

import { useRef, useState } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { Finder } from './finder.tsx';

/** The one search as a field on the page. */
export function FindField({ className }: { className?: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={box}
      onFocus={() => setIsOpen(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setIsOpen(false);
      }}
      className={cn(
        'glass relative z-20 rounded-control border border-line-strong focus-within:border-signal',
        className,
      )}
    >
      <Finder
        isOpen={isOpen}
        shape="field"
        onDone={() => {
          if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
          setIsOpen(false);
        }}
      />
    </div>
  );
}
