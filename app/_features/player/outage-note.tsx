'use client';

import { LoaderCircle } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';

import { formatMoment } from '../../_lib/format.ts';
import type { Outage } from '../../_lib/playback/outage.ts';
import type { SessionState } from '../../_lib/playback/session-state.ts';
import { useReasonWord } from '../../_lib/use-reason-word.ts';
import { Button } from '../../_ui/button.tsx';

type OutageNoteProps = {
  outage: Outage;
  phase: SessionState['phase'];
  timeZone: string;
  /** Its source is only read while somebody looks: what was measured may be mended by looking. */
  isOnDemand: boolean;
  nowMs: number;
  onRetry: () => void;
};

/** Nothing comes from the camera: said at once with the reason and what was last seen, while the player goes on trying. */
export function OutageNote({ outage, phase, timeZone, isOnDemand, nowMs, onRetry }: OutageNoteProps) {
  const t = useTranslations('player');
  const locale = useLocale();
  const reason = useReasonWord(outage.reason);
  const at = (ms: number) => formatMoment({ ms, timeZone, locale });
  const { sinceMs, lastPictureMs } = outage;
  const since = sinceMs === null ? null : t('since', { time: at(sinceMs) });
  const seen = lastPictureMs === null ? since : t('outage.lastPicture', { time: at(lastPictureMs) });
  const facts = [reason, seen].filter((fact) => fact !== null);
  const retryAtMs = phase.type === 'failed' ? phase.retryAtMs : null;
  return (
    <div className="glass pointer-events-auto max-w-md rounded-panel border border-line-strong px-4 py-3 text-center text-13">
      <p className="text-14 font-semibold text-balance">{t(`outage.${outage.state}`)}</p>
      {facts.length > 0 ? <p className="text-balance text-quiet">{facts.join(' · ')}</p> : null}
      {phase.type === 'failed' ? (
        <p className="flex items-center justify-center gap-3 pt-2">
          <Button size="small" onClick={onRetry}>
            {t('retry')}
          </Button>
          {retryAtMs === null ? null : (
            <span className="figure text-12 text-quiet">
              {t('retryIn', { seconds: Math.max(0, Math.ceil((retryAtMs - nowMs) / 1000)) })}
            </span>
          )}
        </p>
      ) : (
        <p className="flex items-center justify-center gap-2 pt-2 text-quiet">
          <LoaderCircle aria-hidden="true" strokeWidth={1.5} className="size-4 shrink-0 animate-spin" />
          {t(isOnDemand ? 'outage.starting' : 'outage.trying')}
        </p>
      )}
    </div>
  );
}
