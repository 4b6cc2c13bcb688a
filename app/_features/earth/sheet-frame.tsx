'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useRef, useState, type PointerEvent, type ReactNode } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { restAfter, type SheetRest } from './sheet-rest.ts';

type SheetFrameProps = {
  label: string;
  /** Stands over everything that scrolls. */
  bar: ReactNode;
  children: ReactNode;
  onClose: () => void;
};

/** A sheet on the right of a desk, at the bottom of a phone, where it is drawn between half and full by its handle. */
export function SheetFrame({ label, bar, children, onClose }: SheetFrameProps) {
  const t = useTranslations('earth');
  const [rest, setRest] = useState<SheetRest>('half');
  const sheet = useRef<HTMLElement>(null);
  const drag = useRef<{ fromY: number; y: number; atMs: number; speed: number } | null>(null);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('[role="dialog"],[role="menu"]'))
        close();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const begin = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { fromY: event.clientY, y: event.clientY, atMs: event.timeStamp, speed: 0 };
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const at = drag.current;
    if (!at || !sheet.current) return;
    at.speed = (event.clientY - at.y) / Math.max(1, event.timeStamp - at.atMs);
    at.y = event.clientY;
    at.atMs = event.timeStamp;
    sheet.current.style.setProperty('--drag', `${at.y - at.fromY}px`);
    sheet.current.style.transitionDuration = '0ms';
  };
  const end = () => {
    const at = drag.current;
    drag.current = null;
    if (!at || !sheet.current) return;
    sheet.current.style.removeProperty('--drag');
    sheet.current.style.transitionDuration = '';
    const height = sheet.current.offsetHeight;
    const next = restAfter({ rest, movedPx: at.y - at.fromY, speed: at.speed, height });
    if (next === 'closed') onClose();
    else setRest(next);
  };
  const isFull = rest === 'full';
  return (
    <aside
      ref={sheet}
      aria-label={label}
      data-rest={rest}
      className={cn(
        'absolute z-20 flex flex-col bg-raised text-text',
        'inset-x-0 bottom-[calc(3rem+env(safe-area-inset-bottom))] h-[calc(100dvh-6.5rem)] rounded-t-panel border-t border-line-strong shadow-overlay transition-transform duration-300 ease-out',
        'md:inset-y-0 md:right-0 md:bottom-0 md:left-auto md:h-auto md:w-110 md:transform-none! md:rounded-none md:border-t-0 md:border-l md:border-line md:shadow-none',
      )}
      style={{ transform: `translateY(max(0px, calc(${isFull ? '0%' : '46%'} + var(--drag, 0px))))` }}
    >
      <div
        className="touch-none md:touch-auto"
        onPointerDown={(event) => {
          if (event.target instanceof Element && event.target.closest('button, a')) return;
          begin(event);
        }}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
      >
        <button
          type="button"
          aria-label={isFull ? t('sheetHalf') : t('sheetFull')}
          aria-expanded={isFull}
          onClick={() => setRest(isFull ? 'half' : 'full')}
          onPointerDown={begin}
          className="flex h-6 w-full items-center justify-center md:hidden"
        >
          <span className="h-1 w-10 rounded-pill bg-line-strong" />
        </button>
        {bar}
      </div>
      <div className={cn('min-h-0 grow overflow-y-auto overscroll-contain', !isFull && 'pb-[44dvh] md:pb-0')}>
        {children}
      </div>
    </aside>
  );
}
