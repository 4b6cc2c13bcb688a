'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { AuditObject, useObjectNames } from './audit-object.tsx';
import { useActionWords, useActorName } from './audit-words.tsx';
import { useMoment } from './use-moment.ts';

/** Every change shows here: the newest entry that the present session left in the audit log. */
export function AuditLine() {
  const t = useTranslations('admin.line');
  const trpc = useTRPC();
  const { me, may } = useMay();
  const { at } = useMoment();
  const words = useActionWords();
  const nameOf = useActorName();
  const sees = may('audit:view');
  const { data: sessions } = useQuery(
    trpc.sessions.list.queryOptions(undefined, { enabled: sees, staleTime: 600_000 }),
  );
  const own = sessions?.find((session) => session.current)?.id;
  const { data: entries } = useQuery(
    trpc.audit.list.queryOptions({ actorId: me?.id ?? '', limit: 20 }, { enabled: sees && own !== undefined }),
  );
  const entry = entries?.items.find((row) => row.via?.id === own);
  const nameOfObject = useObjectNames([entry?.object ?? null]);
  return (
    <output
      aria-label={t('name')}
      className="flex h-8 shrink-0 items-center gap-2 overflow-hidden border-t border-line bg-ground px-4 text-12 text-quiet max-md:sticky max-md:bottom-[calc(3rem+env(safe-area-inset-bottom))] md:px-6"
    >
      {entry ? (
        <Link
          href={`/admin/audit?open=${entry.seq}`}
          className="flex min-w-0 items-center gap-2 rounded-control hover:text-text hover:underline"
        >
          <span className="figure">{at(entry.at)}</span>
          <span className="truncate">
            {t(entry.outcome, { who: nameOf(entry), did: words(entry.action) })}
            {entry.object ? (
              <>
                {' '}
                · <AuditObject object={entry.object} name={nameOfObject(entry.object)} isLink={false} />
              </>
            ) : null}
          </span>
        </Link>
      ) : (
        <span className="truncate">{sees ? t('none') : t('written')}</span>
      )}
    </output>
  );
}
