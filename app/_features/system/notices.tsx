'use client';

import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { z } from 'zod';

import type { SystemNotice } from '#server/contracts/system-status.ts';

import { Note } from '../../_ui/note.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';
import { RefusedFeatures } from './refused-features.tsx';

const rank = { error: 0, warning: 1, info: 2 } satisfies Record<SystemNotice['severity'], number>;

const counted = z.object({ count: z.number() });
const staleFeeds = z.object({ feeds: z.array(z.string()) });

const linkClass = 'block w-fit rounded-[4px] underline hover:text-text';

/** The way to what a notice speaks of. */
function Concerned({ notice }: { notice: SystemNotice }) {
  const t = useTranslations('status');
  if (notice.code === 'REMOVALS_OPEN') {
    return (
      <Link href="/removals" className={linkClass}>
        {t('openRequests')}
      </Link>
    );
  }
  if (notice.code === 'MAIL_DEAD') {
    return (
      <Link href="/admin/mail?state=dead" className={linkClass}>
        {t('deadMail')}
      </Link>
    );
  }
  if (notice.code === 'TLS_MISSING') return <RefusedFeatures notice={notice} />;
  if (notice.code !== 'FEEDS_STALE') return null;
  const names = staleFeeds.safeParse(notice.details).data?.feeds ?? [];
  return (
    <Link href="/feeds" className={linkClass}>
      {names.join(' · ')}
    </Link>
  );
}

/** What is missing and what to do, the worst first. */
export function Notices({ notices }: { notices: readonly SystemNotice[] }) {
  const t = useTranslations('status');
  if (notices.length === 0) {
    return (
      <p className="flex items-center gap-2 text-quiet">
        <StateMark state="live" /> {t('noNotices')}
      </p>
    );
  }
  return (
    <ul className="grid gap-4">
      {notices
        .toSorted((one, other) => rank[one.severity] - rank[other.severity])
        .map((notice) => (
          <li key={notice.code}>
            <Note
              tone={notice.severity}
              title={t(`notice.${notice.code}.title`, { count: counted.safeParse(notice.details).data?.count ?? 0 })}
            >
              {t(`notice.${notice.code}.next`)}
              <Concerned notice={notice} />
            </Note>
          </li>
        ))}
    </ul>
  );
}
