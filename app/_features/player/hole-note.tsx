'use client';

import { useLocale, useTranslations } from 'next-intl';

import { formatMoment } from '../../_lib/format.ts';
import { nextRecordedMs, spanAt, type Span } from '../../_lib/playback/coverage.ts';
import { Button } from '../../_ui/button.tsx';

type HoleNoteProps = {
  atMs: number;
  spans: readonly Span[];
  timeZone: string;
  onGo: (wallMs: number) => void;
  onLive: () => void;
};

/** The clock is at a moment that this camera has nothing of: why, and where its recording goes on. */
export function HoleNote({ atMs, spans, timeZone, onGo, onLive }: HoleNoteProps) {
  const t = useTranslations('player');
  const locale = useLocale();
  const nextMs = nextRecordedMs(spans, atMs);
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-3 bg-ground p-4 text-center">
      <p className="text-14 font-medium text-balance">
        {t('hole', { time: formatMoment({ ms: atMs, timeZone, locale }) })}
      </p>
      <p className="text-13 text-quiet">{t(`span.${spanAt(spans, atMs)?.kind ?? 'none'}`)}</p>
      <div className="flex flex-wrap justify-center gap-2">
        {nextMs === null ? null : (
          <Button size="small" onClick={() => onGo(nextMs)}>
            {t('toNext')}
          </Button>
        )}
        <Button size="small" tone="signal" onClick={onLive}>
          {t('toLive')}
        </Button>
      </div>
    </div>
  );
}
