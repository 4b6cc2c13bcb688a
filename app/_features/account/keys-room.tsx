'use client';

import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useState } from 'react';
import { toast } from 'sonner';
import type { z } from 'zod';

import type { keyMade, KeyView } from '#server/contracts/access.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { ConfirmDialog } from '../../_ui/confirm-dialog.tsx';
import { KeyForm } from './key-form.tsx';
import { KeyMade } from './key-made.tsx';
import { KeyRow } from './key-row.tsx';
import { Loaded } from './loaded.tsx';
import { useProved } from './proof.tsx';
import { Room, Section } from './room.tsx';
import { useFailedToast } from './use-failed-toast.ts';

type Stage = { at: 'list' } | { at: 'form' } | { at: 'made'; made: z.infer<typeof keyMade> };

export function KeysRoom() {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const proved = useProved();
  const fail = useFailedToast();
  const [stage, setStage] = useState<Stage>({ at: 'list' });
  const [asked, setAsked] = useState<KeyView | null>(null);
  const keys = useInfiniteQuery(
    trpc.keys.list.infiniteQueryOptions({}, { getNextPageParam: (page) => page.nextCursor ?? undefined }),
  );
  const revoke = useMutation(trpc.keys.revoke.mutationOptions());
  const end = async ({ id, name }: KeyView) => {
    setAsked(null);
    try {
      await proved(() => revoke.mutateAsync({ id }));
      toast(t('keyRevoked', { name }));
      await queryClient.invalidateQueries(trpc.keys.pathFilter());
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Room
      title={t('rooms.keys')}
      text={
        <>
          {t('keysText')}{' '}
          <Link href="/docs/api" className="text-text underline">
            {t('apiDocs')}
          </Link>
        </>
      }
    >
      {stage.at === 'made' ? <KeyMade made={stage.made} onClose={() => setStage({ at: 'list' })} /> : null}
      {stage.at === 'form' ? (
        <Section title={t('makeKey')}>
          <KeyForm onMade={(made) => setStage({ at: 'made', made })} onClose={() => setStage({ at: 'list' })} />
        </Section>
      ) : null}
      <Section
        title={t('yourKeys')}
        action={
          stage.at === 'form' ? null : (
            <Button className="max-md:h-11" onClick={() => setStage({ at: 'form' })}>
              <Plus aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('makeKey')}
            </Button>
          )
        }
      >
        <Loaded query={keys}>
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.items);
            if (rows.length === 0) return <p className="text-13 text-quiet">{t('keysNone')}</p>;
            return (
              <>
                <ul aria-label={t('yourKeys')} className="divide-y divide-line">
                  {rows.map((key) => (
                    <KeyRow key={key.id} apiKey={key} onRevoke={() => setAsked(key)} />
                  ))}
                </ul>
                {keys.hasNextPage ? (
                  <Button
                    className="mt-3 max-md:h-11"
                    disabled={keys.isFetchingNextPage}
                    onClick={() => void keys.fetchNextPage()}
                  >
                    {t('more')}
                  </Button>
                ) : null}
              </>
            );
          }}
        </Loaded>
      </Section>
      {asked ? (
        <ConfirmDialog
          title={t('revokeTitle', { name: asked.name })}
          text={t('revokeText')}
          action={t('revoke')}
          isBusy={revoke.isPending}
          onConfirm={() => void end(asked)}
          onClose={() => setAsked(null)}
        />
      ) : null}
    </Room>
  );
}
