'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

import type { AuditRow } from '#server/contracts/access.ts';

import { unknown } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Facts, PanelSection, SidePanel } from '../../_ui/side-panel.tsx';
import { AuditObject, useObjectNames } from './audit-object.tsx';
import { Outcome, useActionWords, useActorName } from './audit-words.tsx';
import { differences } from './diff.ts';
import { useMoment } from './use-moment.ts';

const viaKinds = ['session', 'key', 'token', 'viewAs'] as const;

/** Before and after, place by place. */
function Changes({ before, after }: Pick<AuditRow, 'before' | 'after'>) {
  const t = useTranslations('admin.audit');
  const places = differences(before, after);
  if (places.length === 0) return <p className="text-13 text-quiet">{t('noChange')}</p>;
  return (
    <dl className="grid gap-2 text-13">
      {places.map((place) => (
        <div key={place.path}>
          <dt className="figure text-12 text-quiet">{place.path || t('value')}</dt>
          {place.before === null ? null : (
            <dd className="flex gap-2 wrap-anywhere">
              <span aria-hidden="true" className="figure text-error">
                −
              </span>
              <span className="sr-only">{t('before')}</span>
              <del className="text-quiet">{place.before}</del>
            </dd>
          )}
          {place.after === null ? null : (
            <dd className="flex gap-2 wrap-anywhere">
              <span aria-hidden="true" className="figure text-live">
                +
              </span>
              <span className="sr-only">{t('after')}</span>
              <ins className="no-underline">{place.after}</ins>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function Entry({ row }: { row: AuditRow }) {
  const t = useTranslations('admin.audit');
  const { at } = useMoment();
  const nameOf = useActorName();
  const nameOfObject = useObjectNames([row.object]);
  const details = differences(null, row.details);
  const viaOf = ({ via }: AuditRow) => {
    const kind = viaKinds.find((one) => one === via?.kind);
    return kind ? t(`viaKind.${kind}`) : (via?.kind ?? unknown);
  };
  return (
    <>
      <Facts
        facts={[
          [
            t('when'),
            <span key="at" className="figure">
              {at(row.at)}
              <span className="block text-12 text-quiet">{row.at}</span>
            </span>,
          ],
          [
            t('who'),
            row.actor.id ? (
              <Link key="who" className="underline" href={`/admin/audit?actor=${row.actor.id}&open=${row.seq}`}>
                {nameOf(row)}
              </Link>
            ) : (
              nameOf(row)
            ),
          ],
          [t('via'), viaOf(row)],
          [
            t('from'),
            <span key="ip" className="figure">
              {row.ip ?? unknown}
            </span>,
          ],
          [t('agent'), row.userAgent ?? unknown],
          [
            t('request'),
            <span key="id" className="figure wrap-anywhere whitespace-normal">
              {row.requestId ?? unknown}
            </span>,
          ],
          [
            t('action'),
            <span key="action" className="figure">
              {row.action}
            </span>,
          ],
          [t('outcome'), <Outcome key="outcome" outcome={row.outcome} />],
          [
            t('object'),
            row.object ? (
              <span key="object">
                <AuditObject object={row.object} name={nameOfObject(row.object)} />
                <span className="figure block text-12 text-quiet">{row.object.id}</span>
                <Link
                  className="text-12 underline"
                  href={`/admin/audit?objectType=${encodeURIComponent(row.object.type)}&objectId=${encodeURIComponent(row.object.id)}&open=${row.seq}`}
                >
                  {t('aboutIt')}
                </Link>
              </span>
            ) : (
              unknown
            ),
          ],
        ]}
      />
      <PanelSection title={t('changes')}>
        <Changes before={row.before} after={row.after} />
      </PanelSection>
      {details.length > 0 ? (
        <PanelSection title={t('details')}>
          <dl className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-3 gap-y-1 text-13">
            {details.map((place) => (
              <div key={place.path} className="contents">
                <dt className="figure text-12 text-quiet">{place.path || t('value')}</dt>
                <dd className="wrap-anywhere">{place.after}</dd>
              </div>
            ))}
          </dl>
        </PanelSection>
      ) : null}
    </>
  );
}

/** One entry of the log, asked for by its number: it may stand outside what the list shows. */
export function AuditEntryPanel({ seq, onClose }: { seq: number; onClose: () => void }) {
  const t = useTranslations('admin');
  const trpc = useTRPC();
  const words = useActionWords();
  const { data, isPending } = useQuery(trpc.audit.list.queryOptions({ cursor: String(seq + 1), limit: 1 }));
  const row = data?.items.find((one) => one.seq === seq);
  return (
    <SidePanel title={row ? words(row.action) : t('audit.entry', { seq })} closeLabel={t('close')} onClose={onClose}>
      {row ? <Entry row={row} /> : <p className="py-4 text-quiet">{isPending ? t('loading') : t('gone')}</p>}
    </SidePanel>
  );
}
