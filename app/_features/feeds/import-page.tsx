'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { z } from 'zod';

import { importFormat, importMapping, type ImportFormat, type ImportPreview } from '#server/contracts/feeds.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useKeptState } from '../../_lib/use-kept-state.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { Select } from '../../_ui/field.tsx';
import { Note } from '../../_ui/note.tsx';
import { ExportPart } from './export-part.tsx';
import { MappingTable, PreviewRows } from './import-preview.tsx';
import { ImportRunView } from './import-run-view.tsx';
import { ImportSource, type GivenFile } from './import-source.tsx';
import { useFileWords } from './use-file-words.ts';

/** A file and what was chosen about it. */
interface Draft extends GivenFile {
  format?: ImportFormat;
  mapping?: z.infer<typeof importMapping>;
}

/** Cameras from a file: look first, then add; and all of one's own as a file. */
export function ImportPage({ runId }: { runId: string | null }) {
  const t = useTranslations();
  const router = useRouter();
  const trpc = useTRPC();
  const { may } = useMay();
  const fileWords = useFileWords();
  const pasted = useKeptState('import-pasted', z.string(), '');
  const [draft, setDraft] = useState<Draft | null>(null);
  const preview = useMutation(trpc.feeds.previewFile.mutationOptions());
  const start = useMutation(
    trpc.feeds.importFile.mutationOptions({
      onSuccess: (run) => {
        pasted.forget();
        setDraft(null);
        preview.reset();
        router.push(`/import?run=${run.runId}`);
      },
    }),
  );
  const look = (next: Draft) => {
    setDraft(next);
    preview.mutate({ ...next, name: next.name || 'pasted' });
  };
  const shown = preview.data;
  return (
    <div className="mx-auto w-full max-w-5xl px-4 pb-12 md:px-7">
      <header className="pt-5 pb-6">
        <h1 className="text-20 font-semibold">{t('importer.title')}</h1>
        <p className="max-w-2xl text-quiet">{t('importer.text')}</p>
      </header>
      {runId !== null && !draft ? (
        <ImportRunView id={runId} />
      ) : (
        <>
          {draft && shown ? (
            <Found
              preview={shown}
              name={draft.name}
              isBusy={preview.isPending || start.isPending}
              isStarting={start.isPending}
              onFormat={(format) => look({ name: draft.name, text: draft.text, format })}
              onMapping={(mapping) => look({ ...draft, mapping })}
              onImport={() => start.mutate({ ...draft, name: draft.name || 'pasted' })}
              onOther={() => {
                setDraft(null);
                preview.reset();
              }}
            />
          ) : (
            <div className="pb-6">
              {pasted.wasRestored && pasted.value !== '' ? (
                <p className="pb-3 text-13 text-quiet">
                  {t('importer.kept')}{' '}
                  <button type="button" onClick={pasted.forget} className="rounded-[4px] text-text underline">
                    {t('form.discard')}
                  </button>
                </p>
              ) : null}
              <ImportSource pasted={pasted.value} isBusy={preview.isPending} onPasted={pasted.set} onGiven={look} />
            </div>
          )}
          <div role="alert">
            {[preview, start].map((asked) =>
              asked.isError ? (
                <Note
                  key={asked === preview ? 'preview' : 'start'}
                  tone="error"
                  className="mb-6"
                  title={t('importer.unreadable', { message: fileWords(asked.error) })}
                />
              ) : null,
            )}
          </div>
        </>
      )}
      {may('camera:write') ? <ExportPart /> : null}
    </div>
  );
}

type FoundProps = {
  preview: ImportPreview;
  name: string;
  isBusy: boolean;
  isStarting: boolean;
  onFormat: (format: ImportFormat) => void;
  onMapping: (mapping: ImportPreview['mapping']) => void;
  onImport: () => void;
  onOther: () => void;
};

function Found({ preview, name, isBusy, isStarting, onFormat, onMapping, onImport, onOther }: FoundProps) {
  const t = useTranslations('importer');
  return (
    <>
      <div className="flex flex-wrap items-center gap-3 pb-6">
        <div className="min-w-0 grow basis-72">
          {name ? <p className="font-medium wrap-break-word">{name}</p> : null}
          <p aria-live="polite">
            {t('recognised', {
              format: t(`formats.${preview.format}`),
              total: preview.total,
              accepted: preview.accepted,
              rejected: preview.rejected,
            })}
          </p>
        </div>
        <label className="flex items-center gap-2 text-13">
          {t('format')}
          <Select
            className="w-32 max-md:h-11"
            value={preview.format}
            disabled={isBusy}
            onChange={(event) => onFormat(importFormat.parse(event.target.value))}
          >
            {importFormat.options.map((format) => (
              <option key={format} value={format}>
                {t(`formats.${format}`)}
              </option>
            ))}
          </Select>
        </label>
        <Button tone="signal" className="max-md:h-11" disabled={isBusy || preview.accepted === 0} onClick={onImport}>
          {preview.accepted === 0 ? t('nothing') : t(isStarting ? 'importing' : 'import', { count: preview.accepted })}
        </Button>
        <Button tone="plain" className="max-md:h-11" disabled={isBusy} onClick={onOther}>
          {t('startOver')}
        </Button>
      </div>
      <div className={isBusy ? 'opacity-60' : undefined}>
        <MappingTable preview={preview} isBusy={isBusy} onChange={onMapping} />
        <PreviewRows preview={preview} />
      </div>
    </>
  );
}
