'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';

import { useTRPC } from '../../_lib/trpc.ts';
import { Loaded } from './loaded.tsx';
import { Section } from './room.tsx';
import { RowButton, ThingRow } from './thing-row.tsx';
import { useFailedToast } from './use-failed-toast.ts';
import { useMoments } from './use-moments.ts';

/** Programs that signed in by name and password and still refresh their tokens. */
export function MachineSessions() {
  const t = useTranslations('account');
  const { moment } = useMoments();
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
                  <ThingRow
                    key={id}
                    name={<span className="font-mono text-13 font-normal break-all">{name}</span>}
                    lines={[
                      `${t('usedAt', { moment: moment(lastUsedAt) })}${ip === null ? '' : ` · ${ip}`} · ${t('signedInAt', { moment: moment(createdAt) })}`,
                      scope === null ? (
                        t('mayAll')
                      ) : (
                        <span key="scope" className="font-mono text-12">
                          {scope.join(' ')}
                        </span>
                      ),
                    ]}
                  >
                    <RowButton
                      label={t('endNamed', { name })}
                      tone="danger"
                      isBusy={end.isPending && end.variables.id === id}
                      onClick={() => end.mutate({ id })}
                    >
                      {t('end')}
                    </RowButton>
                  </ThingRow>
                );
              })}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
