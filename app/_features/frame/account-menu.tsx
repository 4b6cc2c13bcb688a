'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Activity, CircleUserRound, FileInput, List, LogIn, LogOut, Plus, Rss, ShieldQuestionMark } from 'lucide-react';
import { signOut } from 'next-auth/react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { DropdownMenu } from 'radix-ui';
import { toast } from 'sonner';

import { useTRPC } from '../../_lib/trpc.ts';
import { Hint } from '../../_ui/hint.tsx';
import { MenuContent, MenuItem, MenuLine } from '../../_ui/menu.tsx';

export function AccountMenu() {
  const t = useTranslations('frame');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const { data: me } = useQuery(trpc.identity.me.queryOptions());
  const leave = useMutation(
    trpc.identity.signOut.mutationOptions({
      // The cookie goes even if the session could not be ended at the server: it then ends by its age.
      onSettled: async () => {
        await signOut({ redirect: false });
        await queryClient.resetQueries();
        toast(t('signedOut'));
        router.refresh();
      },
    }),
  );
  return (
    <DropdownMenu.Root>
      <Hint text={me?.name ?? t('account')} side="right">
        <DropdownMenu.Trigger
          aria-label={t('account')}
          className="inline-flex size-9 items-center justify-center rounded-control text-quiet transition-colors hover:bg-hover hover:text-text [&_svg]:size-5"
        >
          {me ? (
            <span className="flex size-6 items-center justify-center rounded-pill border border-line-strong text-12 font-semibold text-text">
              {me.name.charAt(0).toUpperCase()}
            </span>
          ) : (
            <CircleUserRound aria-hidden="true" strokeWidth={1.5} />
          )}
        </DropdownMenu.Trigger>
      </Hint>
      <MenuContent side="right" align="end">
        {me ? (
          <>
            <div className="px-2 py-1.5 text-13">
              <p className="font-semibold">{me.name}</p>
              <p className="text-quiet">{me.email}</p>
            </div>
            <MenuLine />
            <MenuItem asChild>
              <Link href="/cameras/new">
                <Plus aria-hidden="true" strokeWidth={1.5} /> {t('addCamera')}
              </Link>
            </MenuItem>
            {me.isOwner ? (
              <>
                <MenuItem asChild>
                  <Link href="/feeds">
                    <Rss aria-hidden="true" strokeWidth={1.5} /> {t('feeds')}
                  </Link>
                </MenuItem>
                <MenuItem asChild>
                  <Link href="/import">
                    <FileInput aria-hidden="true" strokeWidth={1.5} /> {t('import')}
                  </Link>
                </MenuItem>
                <MenuItem asChild>
                  <Link href="/removals">
                    <ShieldQuestionMark aria-hidden="true" strokeWidth={1.5} /> {t('removals')}
                  </Link>
                </MenuItem>
              </>
            ) : null}
          </>
        ) : (
          <MenuItem asChild>
            <Link href="/login">
              <LogIn aria-hidden="true" strokeWidth={1.5} /> {t('signIn')}
            </Link>
          </MenuItem>
        )}
        <MenuItem asChild>
          <Link href="/cameras">
            <List aria-hidden="true" strokeWidth={1.5} /> {t('allCameras')}
          </Link>
        </MenuItem>
        <MenuItem asChild>
          <Link href="/status">
            <Activity aria-hidden="true" strokeWidth={1.5} /> {t('systemStatus')}
          </Link>
        </MenuItem>
        {me ? (
          <MenuItem onSelect={() => leave.mutate()}>
            <LogOut aria-hidden="true" strokeWidth={1.5} /> {t('signOut')}
          </MenuItem>
        ) : null}
      </MenuContent>
    </DropdownMenu.Root>
  );
}
