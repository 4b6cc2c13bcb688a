'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

import { Button } from './_ui/button.tsx';
import { PageNote } from './_ui/page-note.tsx';

export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations('page');
  return (
    <PageNote
      icon={CircleAlert}
      title={t('errorTitle')}
      level={1}
      actions={
        <>
          <Button onClick={reset}>{t('reload')}</Button>
          <Button asChild tone="plain">
            <Link href="/cameras">{t('home')}</Link>
          </Button>
        </>
      }
    >
      {t('errorText')}
      {error.digest ? <p className="figure pt-2 text-12">{error.digest}</p> : null}
    </PageNote>
  );
}
