'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { toast } from 'sonner';

import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { ConfirmDialog } from '../../_ui/confirm-dialog.tsx';
import { Loaded } from './loaded.tsx';
import { MachineSessions } from './machine-sessions.tsx';
import { Room, Section } from './room.tsx';
import { SessionRow } from './session-row.tsx';
import { useFailedToast } from './use-failed-toast.ts';

export function SessionsRoom() {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const fail = useFailedToast();
  const [isAsked, setIsAsked] = useState(false);
  const sessions = useQuery(trpc.sessions.list.queryOptions());
  const refresh = () => queryClient.invalidateQueries(trpc.sessions.list.queryFilter());
  const end = useMutation(
    trpc.sessions.revoke.mutationOptions({
      onSuccess: () => toast(t('sessionEnded')),
      onError: fail,
      onSettled: refresh,
    }),
  );
  const endOthers = useMutation(
    trpc.sessions.revokeOthers.mutationOptions({
      onSuccess: ({ ended }) => toast(t('othersEnded', { count: ended })),
      onError: fail,
      onSettled: async () => {
        setIsAsked(false);
        await refresh();
      },
    }),
  );
  const others = (sessions.data ?? []).filter(({ current }) => !current).length;
  return (
    <Room title={t('rooms.sessions')} text={t('sessionsText')}>
      <Section
        title={t('browsers')}
        action={
          others > 0 ? (
            <Button tone="danger" className="max-md:h-11" onClick={() => setIsAsked(true)}>
              {t('endOthers')}
            </Button>
          ) : null
        }
      >
        <Loaded query={sessions}>
          {(rows) => (
            <ul className="divide-y divide-line" aria-label={t('browsers')}>
              {rows
                .toSorted((a, b) => Number(b.current) - Number(a.current))
                .map((session) => (
                  <SessionRow
                    key={session.id}
                    session={session}
                    isBusy={end.isPending && end.variables.id === session.id}
                    onEnd={() => end.mutate({ id: session.id })}
                  />
                ))}
            </ul>
          )}
        </Loaded>
        {sessions.data && others === 0 ? <p className="pt-2 text-13 text-quiet">{t('noOthers')}</p> : null}
      </Section>
      <MachineSessions />
      {isAsked ? (
        <ConfirmDialog
          title={t('endOthersTitle', { count: others })}
          text={t('endOthersText')}
          action={t('endOthers')}
          isBusy={endOthers.isPending}
          onConfirm={() => endOthers.mutate()}
          onClose={() => setIsAsked(false)}
        />
      ) : null}
    </Room>
  );
}
