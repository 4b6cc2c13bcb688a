'use client';

import { Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

import type { Permission } from '#server/contracts/permissions.ts';

import { useMay } from '../_lib/use-may.ts';
import { PageNote } from './page-note.tsx';

/** Shows a page to whoever holds one of these, and says to others in words why they find nothing to do here. */
export function PermissionGate({
  page,
  needs,
  children,
}: {
  page: string;
  needs: readonly [Permission, ...Permission[]];
  children: ReactNode;
}) {
  const t = useTranslations('frame');
  const { isKnown, may } = useMay();
  if (!isKnown) return <div className="min-h-[60vh]" />;
  if (needs.some((need) => may(need))) return children;
  return (
    <PageNote level={1} icon={Lock} title={t('notYours', { page })}>
      {t('notYoursText', { permission: needs[0] })}
    </PageNote>
  );
}
