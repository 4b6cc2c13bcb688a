'use client';

import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { CloudOff, Inbox } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { toast } from 'sonner';

import { codeOf } from '../../_lib/error-message.ts';
import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { PageNote } from '../../_ui/page-note.tsx';
import { RequestItem } from './request-item.tsx';

const undoMs = 8000;
const refreshMs = 15_000;

/** What people ask the operator to take down or to paint over. */
export function RemovalQueue({ which }: { which: 'open' | 'decided' }) {
  const t = useTranslations();
  const locale = useLocale();
  const trpc = useTRPC();
  const { may } = useMay();
  const queryClient = useQueryClient();
  const list = useInfiniteQuery(
    trpc.removals.list.infiniteQueryOptions(
      { which },
      {
        getNextPageParam: (page) => page.nextCursor ?? undefined,
        refetchInterval: refreshMs,
        placeholderData: keepPreviousData,
        retry: 1,
      },
    ),
  );
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.removals.pathFilter()),
      queryClient.invalidateQueries(trpc.cameras.pathFilter()),
    ]);
  const say = (error: unknown) => toast(t('form.failed', { message: t(`error.${codeOf(error)}`) }));
  const reopen = useMutation(
    trpc.removals.reopen.mutationOptions({
      onSuccess: () => toast(t('removal.reopened')),
      onError: say,
      onSettled: refresh,
    }),
  );
  const decide = useMutation(
    trpc.removals.decide.mutationOptions({
      onSuccess: (request) =>
        toast(t(`removal.toast.${request.state}`, { name: localName(request.camera, locale) }), {
          duration: undoMs,
          action: { label: t('form.undo'), onClick: () => reopen.mutate({ id: request.id }) },
        }),
      onError: say,
      onSettled: refresh,
    }),
  );
  const erase = useMutation(trpc.removals.eraseRecordings.mutationOptions());
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const totals = list.data?.pages[0]?.totals;
  const counts = { open: totals?.open, decided: totals ? totals.accepted + totals.refused : undefined };
  return (
    <div className="mx-auto w-full max-w-5xl px-4 pb-12 md:px-7">
      <header className="pt-5 pb-4">
        <h1 className="text-20 font-semibold">{t('removal.queueTitle')}</h1>
        <p className="max-w-2xl text-quiet">{t('removal.queueText')}</p>
        <nav aria-label={t('removal.queueTitle')} className="flex gap-1 pt-4">
          {(['open', 'decided'] as const).map((each) => (
            <Button key={each} asChild tone={each === which ? 'quiet' : 'plain'} size="small" className="max-md:h-11">
              <Link
                href={each === 'open' ? '/removals' : '/removals?show=decided'}
                aria-current={each === which ? 'page' : undefined}
              >
                {t(`removal.show.${each}`)} <span className="figure text-12 text-quiet">{counts[each] ?? ''}</span>
              </Link>
            </Button>
          ))}
        </nav>
      </header>
      {list.isError && !list.data ? (
        <PageNote
          icon={CloudOff}
          title={t('removal.unreadTitle')}
          actions={<Button onClick={() => void list.refetch()}>{t('cameras.retry')}</Button>}
        >
          {t(`error.${codeOf(list.error)}`)}
        </PageNote>
      ) : null}
      {list.isPending ? (
        <output className="block border-t border-line py-6 text-quiet">{t('removal.loading')}</output>
      ) : null}
      {list.data && items.length === 0 ? (
        <PageNote icon={Inbox} title={t(`removal.empty.${which}`)}>
          {t('removal.emptyText')}
        </PageNote>
      ) : null}
      <div className={list.isPlaceholderData ? 'opacity-60' : undefined}>
        {items.map((request) => (
          <RequestItem
            key={request.id}
            request={request}
            isBusy={decide.isPending || reopen.isPending}
            onDecide={(decision) => decide.mutate(decision)}
            onReopen={() => reopen.mutate({ id: request.id })}
            onErase={may('recording:erase') ? (name) => erase.mutateAsync({ id: request.id, name }) : null}
          />
        ))}
      </div>
      {list.hasNextPage ? (
        <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('removal.more')}
        </Button>
      ) : null}
    </div>
  );
}
