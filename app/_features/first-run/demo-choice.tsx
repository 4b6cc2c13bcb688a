'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { SwitchRow } from '../../_ui/switch-row.tsx';

/** Whether everybody sees the demo cameras. */
export function DemoChoice({ isShown }: { isShown: boolean }) {
  const t = useTranslations();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const choose = useMutation(
    trpc.cameras.setDemoShown.mutationOptions({
      onError: (error) => toast(t('welcome.saveFailed', { message: t(`error.${codeOf(error)}`) })),
      onSettled: () =>
        Promise.all([
          queryClient.invalidateQueries(trpc.welcome.pathFilter()),
          queryClient.invalidateQueries(trpc.cameras.pathFilter()),
          queryClient.invalidateQueries(trpc.earth.pathFilter()),
        ]),
    }),
  );
  return (
    <SwitchRow
      label={t('welcome.demo')}
      help={t('welcome.demoText')}
      isOn={choose.isPending ? choose.variables.shown : isShown}
      isBusy={choose.isPending}
      onChange={(shown) => choose.mutate({ shown })}
    />
  );
}
