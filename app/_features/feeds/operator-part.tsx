'use client';

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { toast } from 'sonner';

import type { FeedView } from '#server/contracts/feeds.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { SwitchRow } from '../../_ui/switch-row.tsx';
import { FeedRow } from './feed-row.tsx';
import { RunsTable } from './runs-table.tsx';

/** The operator's switches, what goes on, and what was read. */
export function OperatorPart({ feeds }: { feeds: readonly FeedView[] }) {
  const t = useTranslations();
  const trpc = useTRPC();
  const { may } = useMay();
  const queryClient = useQueryClient();
  const list = useInfiniteQuery(
    trpc.feeds.runs.infiniteQueryOptions(
      {},
      {
        getNextPageParam: (page) => page.nextCursor ?? undefined,
        // A second while something is read, for its bar; else now and then.
        refetchInterval: ({ state }) =>
          state.data?.pages.some(({ items }) => items.some((run) => run.finishedAt === null)) ? 1000 : 5000,
      },
    ),
  );
  const runs = list.data?.pages.flatMap((page) => page.items);
  const welcome = useQuery(trpc.welcome.state.queryOptions());
  const online = useQuery(trpc.feeds.online.queryOptions(undefined, { staleTime: 60_000, retry: 1 }));
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.feeds.pathFilter()),
      queryClient.invalidateQueries(trpc.welcome.pathFilter()),
      queryClient.invalidateQueries(trpc.earth.pathFilter()),
    ]);
  const handling = {
    onError: (error: unknown) => toast(t('feeds.failed', { message: t(`error.${codeOf(error)}`) })),
    onSettled: refresh,
  };
  const setEnabled = useMutation(trpc.feeds.setEnabled.mutationOptions(handling));
  const readNow = useMutation(trpc.feeds.readNow.mutationOptions(handling));
  const cancel = useMutation(trpc.feeds.cancelRun.mutationOptions(handling));
  const setDemo = useMutation(trpc.cameras.setDemoShown.mutationOptions(handling));
  const busyWith = new Set(
    [setEnabled, readNow].flatMap(({ isPending, variables }) => (isPending && variables ? [variables.id] : [])),
  );
  const openRun = (id: string) => runs?.find((run) => run.source === `feed:${id}` && run.finishedAt === null) ?? null;
  const answer = welcome.data?.publicFeeds;
  const hasLists = feeds.some((feed) => feed.enabled || feed.cameras > 0);
  return (
    <>
      {may('settings:write') ? (
        <section className="border-t border-line py-5">
          <SwitchRow
            label={t('feeds.demo')}
            help={t('feeds.demoText')}
            isOn={setDemo.isPending ? setDemo.variables.shown : (welcome.data?.demoCamerasShown ?? true)}
            isBusy={setDemo.isPending || !welcome.data}
            onChange={(shown) => setDemo.mutate({ shown })}
          />
        </section>
      ) : null}
      <section>
        {online.data?.online === false ? (
          <Note tone="warning" className="mb-4" title={t(hasLists ? 'feeds.offline' : 'feeds.offlineEmpty')} />
        ) : null}
        {answer === 'unasked' ? (
          <Note className="mb-4" title={t('feeds.askText')}>
            <Button asChild size="small" className="mt-2 max-md:h-11">
              <Link href="/welcome?step=2">{t('feeds.ask')}</Link>
            </Button>
          </Note>
        ) : null}
        {answer === 'refused' ? <Note className="mb-4" title={t('feeds.refusedText')} /> : null}
        <ul>
          {feeds.map((feed) => (
            <FeedRow
              key={feed.id}
              feed={feed}
              run={openRun(feed.id)}
              isBusy={busyWith.has(feed.id) || cancel.isPending}
              onSwitch={(enabled) => setEnabled.mutate({ id: feed.id, enabled })}
              onRead={(acceptFewer) => readNow.mutate({ id: feed.id, ...(acceptFewer && { acceptFewer }) })}
              onCancel={(id) => cancel.mutate({ id })}
            />
          ))}
        </ul>
      </section>
      <section className="border-t border-line py-6">
        <h2 className="pb-3 text-13 font-semibold text-quiet">{t('feeds.runs')}</h2>
        {runs ? <RunsTable runs={runs} feeds={feeds} /> : <p className="text-quiet">{t('feeds.loading')}</p>}
        {list.hasNextPage ? (
          <Button
            className="mt-4 max-md:h-11"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('cameras.more')}
          </Button>
        ) : null}
      </section>
    </>
  );
}
