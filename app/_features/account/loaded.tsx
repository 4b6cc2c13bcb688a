'use client';

import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

import { codeOf } from '../../_lib/error-message.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => Promise<unknown>;
}

/** Shows what was asked for once it is there; keeps its room before, and says what is wrong where it does not come. */
export function Loaded<T>({
  query,
  lines = 3,
  children,
}: {
  query: Asked<T>;
  /** Rows that the answer is likely to have. */
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  const t = useTranslations();
  const path = usePathname();
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    const code = codeOf(query.error);
    return (
      <Note tone="error" title={t(`error.${code}`)}>
        {code === 'UNAUTHENTICATED' ? (
          <Link href={`/login?next=${encodeURIComponent(path)}`} className="text-text underline">
            {t('auth.signIn')}
          </Link>
        ) : (
          <Button className="mt-2 max-md:h-11" onClick={() => void query.refetch()}>
            {t('auth.again')}
          </Button>
        )}
      </Note>
    );
  }
  return (
    <div>
      <output className="sr-only">{t('auth.loading')}</output>
      <div aria-hidden="true" className="grid animate-breathe gap-4">
        {Array.from({ length: lines }, (_, line) => (
          <div key={line} className="h-11 rounded-control bg-hover" />
        ))}
      </div>
    </div>
  );
}
