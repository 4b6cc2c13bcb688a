'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';

import { Button } from '../../_ui/button.tsx';

/** Over a wall that nobody touched for long: its pictures rest until somebody says that they watch. */
export function IdleNote({ onGoOn }: { onGoOn: () => void }) {
  const t = useTranslations('wall');
  const button = useRef<HTMLButtonElement>(null);
  // Whoever comes back with a keyboard stands where the answer is given.
  useEffect(() => button.current?.focus(), []);
  return (
    <div className="absolute inset-0 flex items-center justify-center bg-veil p-4">
      <div
        role="alertdialog"
        aria-label={t('stillWatching')}
        aria-describedby="wall-idle"
        className="glass max-w-sm rounded-panel border border-line-strong p-5 text-center"
      >
        <p className="text-16 font-semibold">{t('stillWatching')}</p>
        <p id="wall-idle" className="pt-1 pb-4 text-13 text-quiet">
          {t('stillWatchingText')}
        </p>
        <Button ref={button} tone="signal" className="max-md:h-11" onClick={onGoOn}>
          {t('goOn')}
        </Button>
      </div>
    </div>
  );
}
