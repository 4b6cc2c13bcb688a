import { TRPCClientError } from '@trpc/client';
import { useLocale, useTranslations } from 'next-intl';
import { z } from 'zod';

import { fileFault } from '#server/contracts/feeds.ts';

import { codeOf } from '../../_lib/error-message.ts';

const refused = z.object({ error: z.object({ details: fileFault }) });

/** Why a file was refused, in the reader's language; what is no fault of the file has the words of its error. */
export function useFileWords(): (error: unknown) => string {
  const t = useTranslations();
  const locale = useLocale();
  return (error) => {
    const data: unknown = error instanceof TRPCClientError ? error.data : null;
    const found = refused.safeParse(data);
    if (!found.success) return t(`error.${codeOf(error)}`);
    const { fault, about } = found.data.error.details;
    return t(`importer.fileFault.${fault}`, { about: about === null ? '' : Number(about).toLocaleString(locale) });
  };
}
