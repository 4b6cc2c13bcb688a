'use client';

import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';

import { importFormat, type ImportFormat } from '#server/contracts/feeds.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { saveText } from '../../_lib/save-text.ts';
import { useTRPCClient } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';

/** One's own cameras as a file, in the formats that can be read again. */
export function ExportPart() {
  const t = useTranslations();
  const client = useTRPCClient();
  const write = useMutation({
    mutationFn: (format: ImportFormat) => client.feeds.exportFile.query({ format }),
    onSuccess: ({ name, mediaType, text }) => saveText({ name, type: mediaType, text }),
    onError: (error) => toast(t('feeds.failed', { message: t(`error.${codeOf(error)}`) })),
  });
  return (
    <section className="border-t border-line py-6">
      <h2 className="text-16 font-semibold">{t('importer.export')}</h2>
      <p className="pb-4 text-13 text-quiet">{t('importer.exportText')}</p>
      <div className="flex flex-wrap gap-3">
        {importFormat.options.map((format) => (
          <Button key={format} className="max-md:h-11" disabled={write.isPending} onClick={() => write.mutate(format)}>
            <Download aria-hidden="true" strokeWidth={1.5} className="size-4" />
            {write.isPending && write.variables === format
              ? t('importer.exporting')
              : t('importer.exportAs', { format: t(`importer.formats.${format}`) })}
          </Button>
        ))}
      </div>
    </section>
  );
}
