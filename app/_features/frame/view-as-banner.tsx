'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';

import { forgetPerson } from '../../_lib/auth-client.ts';
import { cn } from '../../_lib/class-name.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';

/** Whom an admin looks at the house as; null where everybody is themselves. */
export function useViewAs(): { name: string; viewer: string } | null {
  const trpc = useTRPC();
  const { data: me } = useQuery(trpc.identity.me.queryOptions());
  return me?.viewedBy ? { name: me.name, viewer: me.viewedBy } : null;
}

/** Stands over everything, so that nobody forgets whose eyes these are. */
export function ViewAsBanner({ name, viewer, isOverGlobe }: { name: string; viewer: string; isOverGlobe: boolean }) {
  const t = useTranslations('frame');
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  // Ends the look alone: the admin's own cookie stays.
  const back = useMutation(
    trpc.identity.signOut.mutationOptions({
      onSettled: async () => {
        await forgetPerson(queryClient);
        router.refresh();
      },
    }),
  );
  return (
    <section
      aria-label={t('viewAsLabel')}
      className={cn(
        'inset-x-0 z-40 flex min-h-11 items-center gap-3 bg-signal px-4 text-13 text-signal-ink md:pl-18',
        isOverGlobe ? 'fixed top-12 md:top-0' : 'sticky top-0',
      )}
    >
      <Eye aria-hidden="true" strokeWidth={1.5} className="size-4 shrink-0" />
      <p className="min-w-0 grow truncate font-medium">{t('viewAs', { name, viewer })}</p>
      <Button
        size="small"
        className="border-signal-ink text-signal-ink hover:bg-signal-ink hover:text-signal max-md:h-11"
        disabled={back.isPending}
        onClick={() => back.mutate()}
      >
        {t('viewAsBack')}
      </Button>
    </section>
  );
}
