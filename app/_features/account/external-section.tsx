'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';

import { signInByOidc } from '../../_lib/auth-client.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { useProved } from './proof.tsx';
import { Section } from './room.tsx';
import { useFailedToast } from './use-failed-toast.ts';
import { useMoments } from './use-moments.ts';

/** The person's account at the operator's provider. Nothing where there is neither a provider nor a link from earlier. */
export function ExternalSection({ provider }: { provider: string | null }) {
  const t = useTranslations('account');
  const { day } = useMoments();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const proved = useProved();
  const fail = useFailedToast();
  const externals = useQuery(trpc.identity.externals.queryOptions());
  const link = useMutation(trpc.identity.linkExternal.mutationOptions());
  const unlink = useMutation(trpc.identity.unlinkExternal.mutationOptions());
  const rows = externals.data ?? [];
  if (provider === null && rows.length === 0) return null;
  const begin = () =>
    proved(() => link.mutateAsync())
      .then(() => signInByOidc('/account/security'))
      .catch(fail);
  const end = async (row: { issuer: string; subject: string }) => {
    try {
      await proved(() => unlink.mutateAsync({ issuer: row.issuer, subject: row.subject }));
      toast(t('unlinked'));
      await queryClient.invalidateQueries(trpc.identity.externals.queryFilter());
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Section
      title={provider ?? t('external')}
      text={t('externalText')}
      action={
        provider !== null && rows.length === 0 ? (
          <Button className="max-md:h-11" disabled={link.isPending} onClick={() => void begin()}>
            {t('link')}
          </Button>
        ) : null
      }
    >
      {rows.length === 0 ? null : (
        <ul className="divide-y divide-line">
          {rows.map((row) => (
            <li key={`${row.issuer} ${row.subject}`} className="flex flex-wrap items-center gap-3 py-2">
              <div className="min-w-0 grow basis-48">
                <p className="break-all">{row.subject}</p>
                <p className="text-13 break-all text-quiet">
                  {row.issuer} · {t('addedOn', { day: day(row.linkedAt) })}
                </p>
              </div>
              <Button
                tone="danger"
                size="small"
                className="max-md:h-11"
                disabled={unlink.isPending}
                onClick={() => void end(row)}
              >
                {t('unlink')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
