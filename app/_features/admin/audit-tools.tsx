'use client';

import { useMutation } from '@tanstack/react-query';
import type { inferRouterInputs } from '@trpc/server';
import { Download, Link2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';

import type { AppRouter } from '#server/api/app-router.ts';

import { saveText } from '../../_lib/save-text.ts';
import { useTRPCClient } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { useFault } from './use-fault.ts';

type CsvQuery = inferRouterInputs<AppRouter>['audit']['csv'];
/** A part holds ten thousand entries; a longer export is narrowed by time. */
const partsMax = 20;

/** The log as a file, and whether its chain of hashes is whole. */
export function useAuditTools(query: CsvQuery) {
  const t = useTranslations('admin.audit');
  const fault = useFault();
  const client = useTRPCClient();
  const [walked, setWalked] = useState(0);
  const download = useMutation({
    meta: { hasOwnWords: true },
    mutationFn: async () => {
      let cursor: string | undefined;
      for (let part = 0; part < partsMax; part += 1) {
        // Each part begins where the one before ended.
        const file = await client.audit.csv.query({ ...query, ...(cursor === undefined ? {} : { cursor }) });
        saveText({ name: file.name, type: file.mediaType, text: file.text });
        if (file.nextCursor === null) return { isWhole: true };
        cursor = file.nextCursor;
      }
      return { isWhole: false };
    },
  });
  const check = useMutation({
    meta: { hasOwnWords: true },
    mutationFn: async () => {
      let from = 0;
      let entries = 0;
      setWalked(0);
      for (;;) {
        // Each call walks on from where the last one stopped.
        const part = await client.audit.check.query({ from });
        entries += part.entries;
        setWalked(entries);
        if (part.nextFrom === null || part.nextFrom <= from) return { ...part, entries };
        from = part.nextFrom;
      }
    },
  });
  const actions = (
    <div className="flex flex-wrap gap-2">
      <Button className="max-md:h-11" disabled={check.isPending} onClick={() => check.mutate()}>
        <Link2 aria-hidden="true" strokeWidth={1.5} className="size-4" />
        {check.isPending ? t('checking', { entries: walked }) : t('check')}
      </Button>
      <Button className="max-md:h-11" disabled={download.isPending} onClick={() => download.mutate()}>
        <Download aria-hidden="true" strokeWidth={1.5} className="size-4" />
        {download.isPending ? t('downloading') : t('csv')}
      </Button>
    </div>
  );
  const error = check.error ?? download.error;
  const result = (
    <output className="grid gap-2 empty:hidden">
      {check.data ? (
        <Note
          tone={check.data.whole ? 'info' : 'error'}
          title={
            check.data.whole
              ? t('whole', { entries: check.data.entries })
              : t('broken', { seq: check.data.brokenAt ?? 0, entries: check.data.entries })
          }
        >
          {check.data.whole ? t('head') : t('brokenText')}{' '}
          <span className="figure wrap-anywhere whitespace-normal">{check.data.head}</span>
        </Note>
      ) : null}
      {download.data?.isWhole === false ? <Note tone="warning" title={t('csvCut')} /> : null}
      {error ? <Note tone="error" title={fault(error)} /> : null}
    </output>
  );
  return { actions, result };
}
