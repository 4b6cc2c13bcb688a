'use client';

import { CloudOff, SearchX, Video } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

import { cn } from '../../_lib/class-name.ts';
import { codeOf } from '../../_lib/error-message.ts';
import { Button } from '../../_ui/button.tsx';
import { PageNote } from '../../_ui/page-note.tsx';

export function ListLoading({ layout }: { layout: 'table' | 'grid' }) {
  const places = Array.from({ length: 12 }, (_, place) => place);
  if (layout === 'grid') {
    return (
      <div aria-hidden="true" className="grid grid-cols-1 gap-x-4 gap-y-6 sm:grid-cols-2 lg:grid-cols-3">
        {places.map((place) => (
          <div key={place}>
            <div className="aspect-video animate-breathe rounded-panel bg-hover" />
            <div className="mt-2 h-4 w-1/2 animate-breathe rounded-pill bg-hover" />
          </div>
        ))}
      </div>
    );
  }
  return (
    <div aria-hidden="true">
      {places.map((place) => (
        <div key={place} className="flex items-center gap-3 border-b border-line py-2.5 md:px-2 md:py-1.5">
          <div className="aspect-video w-28 animate-breathe rounded-[4px] bg-hover md:w-15" />
          <div className={cn('h-4 animate-breathe rounded-pill bg-hover', place % 3 === 0 ? 'w-56' : 'w-40')} />
        </div>
      ))}
    </div>
  );
}

export function ListFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useTranslations();
  return (
    <PageNote
      icon={CloudOff}
      title={t('cameras.errorTitle')}
      actions={
        <Button className="max-md:h-11" onClick={onRetry}>
          {t('cameras.retry')}
        </Button>
      }
    >
      {t('cameras.errorText', { message: t(`error.${codeOf(error)}`) })}
    </PageNote>
  );
}

export function ListEmpty({
  isFiltered,
  isSignedIn,
  mayAdd,
  onClear,
}: {
  isFiltered: boolean;
  isSignedIn: boolean;
  mayAdd: boolean;
  onClear: () => void;
}) {
  const t = useTranslations();
  if (isFiltered) {
    return (
      <PageNote
        icon={SearchX}
        title={t('cameras.noneTitle')}
        actions={
          <Button className="max-md:h-11" onClick={onClear}>
            {t('cameras.clear')}
          </Button>
        }
      >
        {t('cameras.noneText')}
      </PageNote>
    );
  }
  return (
    <PageNote
      icon={Video}
      title={t('cameras.emptyTitle')}
      actions={
        mayAdd || !isSignedIn ? (
          <Button asChild tone="signal" className="max-md:h-11">
            {mayAdd ? (
              <Link href="/cameras/new">{t('cameras.add')}</Link>
            ) : (
              <Link href="/login">{t('frame.signIn')}</Link>
            )}
          </Button>
        ) : null
      }
    >
      {isSignedIn ? t(mayAdd ? 'cameras.emptyText' : 'cameras.emptyForYou') : t('cameras.emptySignedOut')}
    </PageNote>
  );
}
