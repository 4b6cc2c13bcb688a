'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { useEffect } from 'react';
import { toast } from 'sonner';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useFeedFault } from '../../_lib/use-feed-fault.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { RunProgress } from '../../_ui/run-progress.tsx';
import { RejectedRows } from './rejected-rows.tsx';
import { useReport } from './use-report.ts';

/** An import under way or done; its address can be left and found again. */
export function ImportRunView({ id }: { id: string }) {
  const t = useTranslations();
  const locale = useLocale();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const faultWords = useFeedFault();
  const query = useQuery(
    trpc.feeds.run.queryOptions(
      { id },
      { refetchInterval: ({ state }) => (state.data && state.data.finishedAt !== null ? false : 1000) },
    ),
  );
  const isOver = query.data !== undefined && query.data.finishedAt !== null;
  useEffect(() => {
    // The lists of cameras, in the query cache, do not know of those that came.
    if (isOver) void queryClient.invalidateQueries(trpc.cameras.pathFilter());
  }, [isOver, queryClient, trpc]);
  const say = (error: unknown) => toast(t('feeds.failed', { message: t(`error.${codeOf(error)}`) }));
  const cancel = useMutation(
    trpc.feeds.cancelRun.mutationOptions({
      onSuccess: (run) => queryClient.setQueryData(trpc.feeds.run.queryKey({ id }), run),
      onError: say,
    }),
  );
  const report = useReport();
  const run = query.data;
  if (query.isError && !run) {
    return <Note tone="error" title={t('feeds.failed', { message: t(`error.${codeOf(query.error)}`) })} />;
  }
  if (!run) {
    return <output className="block min-h-32 text-quiet">{t('feeds.loading')}</output>;
  }
  const number = (value: number) => value.toLocaleString(locale);
  const name = run.source.replace(/^file:/, '') || t('importer.pasteLabel');
  const { added, changed, unchanged, removed, rejected } = run;
  return (
    <>
      <section aria-live="polite" className="min-h-32 border-t border-line py-6">
        <h2 className="pb-3 text-16 font-semibold wrap-break-word">
          {run.state === 'done' ? t('importer.done') : t('importer.progress', { name })}
        </h2>
        {isOver ? null : (
          <RunProgress label={t('importer.progress', { name })} done={run.done} total={run.total}>
            <span className="figure">{t('feeds.progress', { done: number(run.done), total: number(run.total) })}</span>
          </RunProgress>
        )}
        {run.state === 'failed' ? (
          <Note
            tone="error"
            title={t('importer.failedRun', { message: run.fault ? faultWords(run.fault).words : t('error.INTERNAL') })}
          />
        ) : null}
        {run.state === 'cancelled' ? <Note title={t('importer.cancelled')} /> : null}
        <p className="figure pt-3 text-13 whitespace-normal text-quiet">
          {t('feeds.result', {
            added: number(added),
            changed: number(changed),
            unchanged: number(unchanged),
            removed: number(removed),
            rejected: number(rejected),
          })}
        </p>
        <div className="flex flex-wrap gap-3 pt-4">
          {isOver ? (
            <>
              <Button asChild tone="signal" className="max-md:h-11">
                <Link href="/cameras">{t('importer.toList')}</Link>
              </Button>
              <Button
                className="max-md:h-11"
                disabled={report.isPending}
                onClick={() => report.mutate({ runId: id, name: `import-${id}.csv` })}
              >
                <Download aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('feeds.report')}
              </Button>
              <Button asChild tone="plain" className="max-md:h-11">
                <Link href="/import">{t('importer.startOver')}</Link>
              </Button>
            </>
          ) : (
            <Button className="max-md:h-11" disabled={cancel.isPending} onClick={() => cancel.mutate({ id })}>
              {t('feeds.cancel')}
            </Button>
          )}
        </div>
      </section>
      {isOver ? <RejectedRows rows={run.rejectedRows} total={run.rejected} /> : null}
    </>
  );
}
