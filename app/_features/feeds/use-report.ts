import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';

import { codeOf } from '../../_lib/error-message.ts';
import { saveText } from '../../_lib/save-text.ts';
import { useTRPCClient } from '../../_lib/trpc.ts';
import { reportCsv } from './report-csv.ts';
import { useRejectWords, useRowWords } from './use-reject-words.ts';

/** Gives the person every line of a run that was left out, with the reasons in the language of the page. */
export function useReport() {
  const t = useTranslations();
  const client = useTRPCClient();
  const rejectWords = useRejectWords();
  const rowWords = useRowWords();
  return useMutation({
    mutationFn: async ({ runId, name }: { runId: string; name: string }) => {
      const rejected = await client.feeds.report.query({ runId });
      const text = await reportCsv(
        [t('importer.row'), t('importer.reason'), t('importer.code')],
        rejected.map((line) => [rowWords(line.row), rejectWords(line), line.code]),
      );
      return { name, type: 'text/csv', text };
    },
    onSuccess: saveText,
    onError: (error) => toast(t('feeds.failed', { message: t(`error.${codeOf(error)}`) })),
  });
}
