'use client';

import { Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

import { useMay } from '../../_lib/use-may.ts';
import { PageNote } from '../../_ui/page-note.tsx';
import { sections, type SectionName } from './sections.ts';

/** Says in words where a page is not for who asks; else shows it. */
export function Gate({ section, children }: { section: SectionName; children: ReactNode }) {
  const t = useTranslations('admin');
  const { isKnown, may } = useMay();
  const need = sections.find(({ name }) => name === section)?.need;
  if (!isKnown || need === undefined) return <div className="grow" />;
  if (may(need)) return children;
  return (
    <div className="grow">
      <PageNote level={1} icon={Lock} title={t('notYours', { page: t(`sections.${section}`) })}>
        {t('notYoursText', { permission: need })}
      </PageNote>
    </div>
  );
}

type AdminPageProps = {
  section: SectionName;
  /** What one can begin here. */
  actions?: ReactNode;
  filters?: ReactNode;
  /** What is open, at the right. */
  panel?: ReactNode;
  children: ReactNode;
};

export function AdminPage({ section, actions, filters, panel, children }: AdminPageProps) {
  const t = useTranslations('admin');
  return (
    <>
      <div className="min-w-0 grow px-4 pb-8 md:overflow-y-auto md:px-6">
        <header className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 pt-4 pb-2">
          <div className="min-w-0 grow basis-60">
            <h1 className="text-20 font-semibold">{t(`sections.${section}`)}</h1>
            <p className="text-13 text-quiet">{t(`says.${section}`)}</p>
          </div>
          {actions}
        </header>
        {filters ? <search className="flex flex-wrap items-end gap-2 py-3">{filters}</search> : null}
        {children}
      </div>
      {panel}
    </>
  );
}
