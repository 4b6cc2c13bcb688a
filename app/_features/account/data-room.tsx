'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';

import { saveText } from '../../_lib/save-text.ts';
import { useTRPC, useTRPCClient } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { Loaded } from './loaded.tsx';
import { Room, Section } from './room.tsx';
import { useFailedToast } from './use-failed-toast.ts';

export function DataRoom() {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const client = useTRPCClient();
  const fail = useFailedToast();
  const profile = useQuery(trpc.account.profile.queryOptions());
  const save = useMutation({
    mutationFn: () => client.account.export.query(),
    onSuccess: (data) => {
      const name = `sensorium-${data.profile.userName}-${data.exportedAt.slice(0, 10)}.json`;
      saveText({ name, type: 'application/json', text: JSON.stringify(data, null, 2) });
      toast(t('exported'));
    },
    onError: fail,
  });
  return (
    <Room title={t('rooms.data')} text={t('dataText')}>
      <Section
        title={t('export')}
        text={t('exportText')}
        action={
          <Button className="max-md:h-11" disabled={save.isPending} onClick={() => save.mutate()}>
            <Download aria-hidden="true" strokeWidth={1.5} className="size-4" />
            {t(save.isPending ? 'exporting' : 'exportNow')}
          </Button>
        }
      />
      <Section title={t('delete')} text={t('deleteText')}>
        <Loaded query={profile} lines={1}>
          {(data) => <DeleteAccount profile={data} />}
        </Loaded>
      </Section>
    </Room>
  );
}
