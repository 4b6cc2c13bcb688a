'use client';

import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';

import { outboxState, type OutboxRow } from '#server/contracts/outbox.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { ChoiceFilter } from './filters.tsx';
import { OutboxState } from './outbox-state.tsx';
import { useAddress } from './use-address.ts';
import { useMoment } from './use-moment.ts';

/** Of what the endpoint answered. */
const statusOf = (row: OutboxRow): string => {
  const status = row.result?.['status'];
  return typeof status === 'number' ? `HTTP ${status}` : '';
};

/** What was sent to one endpoint, newest first, and what became of it. */
export function Deliveries({ endpointId }: { endpointId: string }) {
  const t = useTranslations('admin.webhooks');
  const tOut = useTranslations('admin.outbox');
  const tAll = useTranslations('admin');
  const trpc = useTRPC();
  const { may } = useMay();
  const { read, filter } = useAddress();
  const { at, in: inTime } = useMoment();
  const state = outboxState.safeParse(read('state')).data;
  const list = useInfiniteQuery(
    trpc.webhooks.deliveries.infiniteQueryOptions(
      { endpointId, limit: 20, ...(state && { state }) },
      {
        getNextPageParam: (page) => page.nextCursor ?? undefined,
        placeholderData: keepPreviousData,
        refetchInterval: 3000,
      },
    ),
  );
  const replay = useMutation(trpc.webhooks.replay.mutationOptions());
  const replayDead = useMutation(
    trpc.webhooks.replayDead.mutationOptions({
      onSuccess: ({ replayed }) => toast(t('replayed', { count: replayed })),
    }),
  );
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const mayWrite = may('webhook:write');
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 pb-2">
        <ChoiceFilter label={t('state')} value={state ?? ''} onChange={(value) => filter({ state: value })}>
          <option value="">{tOut('every')}</option>
          {outboxState.options
            .filter((one) => one !== 'kept')
            .map((one) => (
              <option key={one} value={one}>
                {tOut(one)}
              </option>
            ))}
        </ChoiceFilter>
        {mayWrite ? (
          <Button
            className="max-md:h-11"
            disabled={replayDead.isPending}
            onClick={() => replayDead.mutate({ id: endpointId })}
          >
            {t('replayDead')}
          </Button>
        ) : null}
      </div>
      {rows.length === 0 ? (
        <p className="text-13 text-quiet">{list.isPending ? tAll('loading') : t('noDeliveries')}</p>
      ) : null}
      <ul aria-label={t('deliveries')}>
        {rows.map((row) => (
          <li key={row.id} className="flex items-start gap-3 border-b border-line py-2 text-13">
            <div className="min-w-0 grow">
              <p className="flex flex-wrap gap-x-3">
                <span className="figure">{row.summary['event']}</span>
                <OutboxState state={row.state} />
              </p>
              <p className="text-12 text-quiet wrap-anywhere">
                <span className="figure">{at(row.createdAt)}</span> · {t('attempts', { count: row.attempts })}
                {statusOf(row) ? ` · ${statusOf(row)}` : ''}
                {row.nextAt ? ` · ${t('next', { time: inTime(row.nextAt) })}` : ''}
                {row.lastError ? <span className="block text-error">{row.lastError}</span> : null}
              </p>
            </div>
            {mayWrite && row.state !== 'pending' ? (
              <Button
                size="small"
                tone="plain"
                className="max-md:h-11"
                disabled={replay.isPending}
                onClick={() => replay.mutate({ id: row.id })}
              >
                {t('replay')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {list.hasNextPage ? (
        <Button
          size="small"
          className="mt-3 max-md:h-11"
          disabled={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {tAll('more')}
        </Button>
      ) : null}
    </>
  );
}
