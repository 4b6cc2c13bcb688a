import { MapPinOff } from 'lucide-react';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';

import { Button } from './_ui/button.tsx';
import { PageNote } from './_ui/page-note.tsx';

export default async function NotFound() {
  const t = await getTranslations('page');
  return (
    <PageNote
      icon={MapPinOff}
      title={t('notFoundTitle')}
      level={1}
      actions={
        <Button asChild>
          <Link href="/cameras">{t('home')}</Link>
        </Button>
      }
    >
      {t('notFoundText')}
    </PageNote>
  );
}
