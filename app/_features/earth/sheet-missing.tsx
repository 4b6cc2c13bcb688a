'use client';

import { VideoOff, X } from 'lucide-react';
import { useTranslations } from 'next-intl';

import { codeOf } from '../../_lib/error-message.ts';
import { Button } from '../../_ui/button.tsx';
import { IconButton } from '../../_ui/icon-button.tsx';
import { PageNote } from '../../_ui/page-note.tsx';
import { SheetFrame } from './sheet-frame.tsx';

type SheetMissingProps = { error: unknown; onRetry: () => void; onClose: () => void };

/** The sheet while its camera is asked for, and where there is none. */
export function SheetMissing({ error, onRetry, onClose }: SheetMissingProps) {
  const t = useTranslations();
  const bar = (
    <div className="flex h-11 items-center px-2">
      <IconButton label={t('earth.close')} keys="Esc" side="bottom" className="size-11 md:size-9" onClick={onClose}>
        <X aria-hidden="true" strokeWidth={1.5} />
      </IconButton>
    </div>
  );
  if (!error) {
    return (
      <SheetFrame label={t('earth.loading')} onClose={onClose} bar={bar}>
        <div className="aspect-video animate-breathe bg-hover" />
        <div aria-hidden="true" className="flex flex-col gap-2 px-5 pt-5">
          <div className="h-6 w-2/3 animate-breathe rounded-pill bg-hover" />
          <div className="h-4 w-1/2 animate-breathe rounded-pill bg-hover" />
        </div>
      </SheetFrame>
    );
  }
  const code = codeOf(error);
  const isGone = code === 'NOT_FOUND' || code === 'GONE' || code === 'BAD_REQUEST';
  return (
    <SheetFrame label={t('page.notFoundTitle')} onClose={onClose} bar={bar}>
      <PageNote
        icon={VideoOff}
        title={isGone ? t('page.notFoundTitle') : t('cameras.errorTitle')}
        actions={
          isGone ? (
            <Button className="max-md:h-11" onClick={onClose}>
              {t('earth.close')}
            </Button>
          ) : (
            <Button className="max-md:h-11" onClick={onRetry}>
              {t('cameras.retry')}
            </Button>
          )
        }
      >
        {isGone ? t('page.notFoundText') : t(`error.${code}`)}
      </PageNote>
    </SheetFrame>
  );
}
