'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { toast } from 'sonner';

import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Loaded } from './loaded.tsx';
import { momentOf } from './moments.ts';
import { Section } from './room.tsx';
import { useFailedToast } from './use-failed-toast.ts';

/** Programs that signed in by name and password and still refresh their tokens. */
export function MachineSessions() {
  const t = useTranslations('account');
  const locale = useLocale();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const fail = useFailedToast();
  const machines = useQuery(trpc.auth.machines.queryOptions());
  const end = useMutation(
    trpc.auth.endMachine.mutationOptions({
      onSuccess: () => toast(t('machineEnded')),
      onError: fail,
      onSettled: () => queryClient.invalidateQueries(trpc.auth.machines.queryFilter()),
    }),
  );
  return (
    <Section title={t('machines')} text={t('machinesText')}>
      <Loaded query={machines} lines={1}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="text-13 text-quiet">{t('machinesNone')}</p>
          ) : (
            <ul className="divide-y divide-line" aria-label={t('machines')}>
              {rows.map(({ id, userAgent, ip, scope, createdAt, lastUsedAt }) => {
                const name = userAgent ?? t('unnamedMachine');
                return (
                  <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                    <div className="min-w-0 grow basis-60">
                      <p className="font-mono text-13 break-all">{name}</p>
                      <p className="text-13 text-quiet">
                        {t('usedAt', { moment: momentOf(lastUsedAt, locale) })}
                        {ip === null ? '' : ` · ${ip}`} · {t('signedInAt', { moment: momentOf(createdAt, locale) })}
                      </p>
                      <p className="text-13 break-words text-quiet">
                        {scope === null ? t('mayAll') : <span className="font-mono text-12">{scope.join(' ')}</span>}
                      </p>
                    </div>
                    <Button
                      tone="danger"
                      size="small"
                      className="max-md:h-11"
                      disabled={end.isPending && end.variables.id === id}
                      aria-label={t('endNamed', { name })}
                      onClick={() => end.mutate({ id })}
                    >
                      {t('end')}
                    </Button>
                  </li>
                );
              })}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
