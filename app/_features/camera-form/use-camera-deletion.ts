'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';

import type { CameraView } from '#server/contracts/camera.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';

const undoMs = 8000;

/** Deletes at once and offers to take it back, instead of asking first. */
export function useCameraDeletion(camera: CameraView): { remove: () => void; isPending: boolean } {
  const t = useTranslations();
  const locale = useLocale();
  const router = useRouter();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const name = localName(camera, locale);
  const refresh = () => queryClient.invalidateQueries(trpc.cameras.pathFilter());
  const say = (error: unknown) => toast(t('form.failed', { message: t(`error.${codeOf(error)}`) }));
  const restore = useMutation(
    trpc.cameras.restore.mutationOptions({
      onSuccess: async () => {
        await refresh();
        toast(t('form.restored', { name }));
      },
      onError: say,
    }),
  );
  const deletion = useMutation(
    trpc.cameras.delete.mutationOptions({
      onSuccess: async () => {
        toast(t('form.deleted', { name }), {
          duration: undoMs,
          action: { label: t('form.undo'), onClick: () => restore.mutate({ id: camera.id }) },
        });
        router.push('/cameras');
        await refresh();
      },
      onError: say,
    }),
  );
  return { remove: () => deletion.mutate({ id: camera.id }), isPending: deletion.isPending };
}
