'use client';

import { X } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react';

import { cn } from '../_lib/class-name.ts';
import { IconButton } from './icon-button.tsx';

type SidePanelProps = {
  title: ReactNode;
  closeLabel: string;
  onClose: () => void;
  isWide?: boolean;
  children: ReactNode;
};

/** What a row opens: beside its table on a desk, over the whole of a phone. Esc closes it and leads back to the row. */
export function SidePanel({ title, closeLabel, onClose, isWide = false, children }: SidePanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]')) return;
      close();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <section
      aria-labelledby="side-panel-title"
      className={cn(
        'flex shrink-0 flex-col overflow-y-auto overscroll-contain bg-raised max-md:fixed max-md:inset-0 max-md:z-40 md:animate-rise md:border-l md:border-line',
        isWide ? 'md:w-[min(46rem,60vw)]' : 'md:w-[min(28rem,45vw)]',
      )}
    >
      <header className="sticky top-0 z-10 flex items-start gap-3 border-b border-line bg-raised px-5 py-3">
        <h2
          id="side-panel-title"
          ref={heading}
          tabIndex={-1}
          className="min-w-0 grow self-center text-16 font-semibold wrap-anywhere outline-none"
        >
          {title}
        </h2>
        <IconButton label={closeLabel} side="left" className="max-md:size-11" onClick={onClose}>
          <X aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
      </header>
      <div className="px-5 pb-10">{children}</div>
    </section>
  );
}

/** One matter of a panel. */
export function PanelSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-b border-line py-4 last:border-b-0">
      <h3 className="pb-2 text-12 font-semibold text-quiet">{title}</h3>
      {children}
    </section>
  );
}

/** Facts of a thing: word and value, line by line. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-3 gap-y-1 py-4 text-13">
      {facts.map(([word, value]) => (
        <div key={word} className="contents">
          <dt className="text-quiet">{word}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
