'use client';

import { Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

import { useMay } from '../../_lib/use-may.ts';
import { PageNote } from '../../_ui/page-note.tsx';
import { sections } from './sections.ts';

/** What there is to administer, for whoever is signed in. */
export function AdminHome() {
  const t = useTranslations('admin');
  const { isKnown, may } = useMay();
  const shown = sections.filter(({ need }) => may(need));
  if (isKnown && shown.length === 0) {
    return (
      <div className="grow">
        <PageNote level={1} icon={Lock} title={t('nothingYours')}>
          {t('nothingYoursText')}
        </PageNote>
      </div>
    );
  }
  return (
    <div className="min-w-0 grow px-4 pb-8 md:overflow-y-auto md:px-6">
      <h1 className="pt-5 pb-4 text-20 font-semibold">{t('title')}</h1>
      <ul className="max-w-2xl">
        {shown.map(({ name, href, icon: Icon }) => (
          <li key={name} className="border-b border-line">
            <Link href={href} className="flex items-start gap-4 rounded-control px-2 py-3 hover:bg-hover">
              <Icon aria-hidden="true" strokeWidth={1.5} className="mt-0.5 size-5 shrink-0 text-quiet" />
              <span>
                <span className="block font-medium">{t(`sections.${name}`)}</span>
                <span className="block text-13 text-quiet">{t(`says.${name}`)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
