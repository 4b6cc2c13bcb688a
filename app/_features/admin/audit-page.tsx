'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';

import type { AuditRow } from '#server/contracts/access.ts';

import { unknown } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { column } from '../../_ui/data-table.tsx';
import { AuditEntryPanel } from './audit-entry.tsx';
import { AuditObject, useObjectNames } from './audit-object.tsx';
import { useAuditTools } from './audit-tools.tsx';
import { Outcome, useActionWords, useActorName } from './audit-words.tsx';
import { ChoiceFilter, MomentFilter, SearchFilter } from './filters.tsx';
import { FoldedFilters } from './folded-filters.tsx';
import { gated, ListPage, useRows } from './list-page.tsx';
import { useAddress } from './use-address.ts';
import { useMoment } from './use-moment.ts';

const filterNames = ['actor', 'action', 'objectType', 'objectId', 'outcome', 'from', 'to'] as const;
const none = Object.fromEntries(filterNames.map((name) => [name, null]));

/** Only what the server takes: an address may be typed by hand. */
function queryOf(read: (name: string) => string) {
  const moment = (name: string) => (Number.isNaN(Date.parse(read(name))) ? '' : new Date(read(name)).toISOString());
  const outcome = (['done', 'refused'] as const).find((one) => one === read('outcome'));
  const texts = {
    actorId: read('actor').slice(0, 100),
    action: read('action').slice(0, 100),
    objectType: read('objectType').slice(0, 40),
    objectId: read('objectId').slice(0, 100),
    from: moment('from'),
    to: moment('to'),
  };
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
    ...(outcome && { outcome }),
  };
}

function Audit() {
  const t = useTranslations('admin.audit');
  const tAll = useTranslations('admin');
  const trpc = useTRPC();
  const { may } = useMay();
  const { read, filter, openId, open } = useAddress();
  const query = queryOf(read);
  const list = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { ...query, limit: 100 },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const { data: actions = [] } = useQuery(trpc.audit.actions.queryOptions());
  const people = useQuery(trpc.users.list.queryOptions({ limit: 100 }, { enabled: may('user:view') }));
  const tools = useAuditTools(query);
  const words = useActionWords();
  const nameOf = useActorName();
  const { at } = useMoment();
  const rows = useRows(list.data);
  const nameOfObject = useObjectNames(rows.map((row) => row.object));
  const columns = [
    column<AuditRow>('what', t('what'), (row) => words(row.action)),
    column<AuditRow>('who', t('who'), (row) => nameOf(row)),
    column<AuditRow>(
      'object',
      t('object'),
      (row) => (
        <span className="block max-w-60 truncate">
          {row.object ? <AuditObject object={row.object} name={nameOfObject(row.object)} /> : unknown}
        </span>
      ),
      { isSpare: true },
    ),
    column<AuditRow>('from', t('from'), (row) => <span className="figure">{row.ip ?? unknown}</span>, {
      isSpare: true,
    }),
    column<AuditRow>('outcome', t('outcome'), (row) => <Outcome outcome={row.outcome} />),
    column<AuditRow>('when', t('when'), (row) => <span className="figure">{at(row.at)}</span>),
  ];
  const setCount = filterNames.filter((name) => read(name) !== '').length;
  const isFiltered = setCount > 0;
  const actor = read('actor');
  const listed = people.data?.items ?? [];
  return (
    <ListPage
      section="audit"
      actions={tools.actions}
      filters={
        <FoldedFilters count={setCount}>
          <ChoiceFilter label={t('who')} value={actor} onChange={(value) => filter({ actor: value })}>
            <option value="">{t('everybody')}</option>
            {actor && !listed.some((person) => person.id === actor) ? <option value={actor}>{actor}</option> : null}
            {listed.map((person) => (
              <option key={person.id} value={person.id}>
                {person.name}
              </option>
            ))}
          </ChoiceFilter>
          <ChoiceFilter label={t('action')} value={read('action')} onChange={(action) => filter({ action })}>
            <option value="">{t('everyAction')}</option>
            {actions.map((action) => (
              <option key={action} value={action}>
                {words(action)}
              </option>
            ))}
          </ChoiceFilter>
          <ChoiceFilter label={t('outcome')} value={read('outcome')} onChange={(outcome) => filter({ outcome })}>
            <option value="">{t('everyOutcome')}</option>
            <option value="done">{t('done')}</option>
            <option value="refused">{t('refused')}</option>
          </ChoiceFilter>
          <SearchFilter label={t('objectId')} value={read('objectId')} onChange={(objectId) => filter({ objectId })} />
          <MomentFilter label={t('fromTime')} value={read('from')} onChange={(from) => filter({ from })} />
          <MomentFilter label={t('toTime')} value={read('to')} onChange={(to) => filter({ to })} />
          {isFiltered ? (
            <Button tone="plain" className="max-md:h-11" onClick={() => filter(none)}>
              <X aria-hidden="true" strokeWidth={1.5} className="size-4" /> {tAll('clear')}
            </Button>
          ) : null}
        </FoldedFilters>
      }
      panel={
        openId !== null && /^\d{1,15}$/.test(openId) ? (
          <AuditEntryPanel key={openId} seq={Number(openId)} onClose={() => open(null)} />
        ) : null
      }
      note={tools.result}
      query={list}
      rows={rows}
      rowId={(row) => String(row.seq)}
      columns={columns}
      empty={{ title: t('empty'), text: t('emptyText') }}
      isFiltered={isFiltered}
      onClear={() => filter(none)}
    />
  );
}

export const AuditPage = gated('audit', Audit);
