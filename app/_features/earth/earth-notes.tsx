'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState, type ReactNode } from 'react';

import { Button } from '../../_ui/button.tsx';
import { viewFault } from './view-fault.ts';

function useNowMs(sinceMs: number): number {
  const [nowMs, setNowMs] = useState(sinceMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(nowMs, sinceMs);
}

type StaleNoteProps = { receivedMs: number; failedMs: number; onRetry: () => void };

/** Says that the server is away, and how old what is shown has become. */
export function StaleNote({ receivedMs, failedMs, onRetry }: StaleNoteProps) {
  const t = useTranslations('earth');
  const nowMs = useNowMs(receivedMs);
  const fault = viewFault({ failedMs, receivedMs, nowMs });
  if (fault === null) return null;
  return (
    <div
      aria-live="polite"
      className="glass flex items-center gap-3 rounded-control border border-delayed py-1.5 pr-1.5 pl-3 text-13 shadow-overlay"
    >
      <span>
        {fault === 'old'
          ? t('statesOld', { seconds: Math.round((nowMs - receivedMs) / 1000).toLocaleString('en') })
          : t('noStates')}
      </span>
      <Button size="small" className="max-md:h-11" onClick={onRetry}>
        {t('retry')}
      </Button>
    </div>
  );
}

/** No camera of the whole planet passes the filters. */
export function NothingFits({ onClear }: { onClear: () => void }) {
  const t = useTranslations('earth');
  return (
    <div
      aria-live="polite"
      className="glass flex items-center gap-3 rounded-control border border-line-strong py-1.5 pr-1.5 pl-3 text-13 shadow-overlay"
    >
      <span>{t('nothingFits')}</span>
      <Button size="small" className="max-md:h-11" onClick={onClear}>
        {t('clear')}
      </Button>
    </div>
  );
}

/** There is not one camera: says what to do about it. */
export function NoCameras({ action }: { action: ReactNode }) {
  const t = useTranslations('earth');
  return (
    <div
      aria-live="polite"
      className="glass flex items-center gap-3 rounded-control border border-line-strong py-1.5 pr-1.5 pl-3 text-13 shadow-overlay"
    >
      <span>{t('noCameras')}</span>
      {action}
    </div>
  );
}
