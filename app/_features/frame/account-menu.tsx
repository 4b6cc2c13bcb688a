'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  Activity,
  CircleUserRound,
  FileInput,
  List,
  LogIn,
  LogOut,
  Plus,
  Rss,
  Settings2,
  ShieldQuestionMark,
  UserRound,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { DropdownMenu } from 'radix-ui';
import { toast } from 'sonner';

import type { Permission } from '#server/contracts/permissions.ts';

import { dropCookie, forgetPerson } from '../../_lib/auth-client.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Hint } from '../../_ui/hint.tsx';
import { MenuContent, MenuItem, MenuLine } from '../../_ui/menu.tsx';
import { PersonPicture } from '../../_ui/person-picture.tsx';

/** Whoever holds one of these finds something in the admin's pages; which, those say themselves. */
const adminPermissions: readonly Permission[] = [
  'user:view',
  'user:admin',
  'role:admin',
  'key:admin',
  'audit:view',
  'outbox:view',
  'webhook:view',
  'settings:write',
];

export function AccountMenu() {
  const t = useTranslations('frame');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const { me, may } = useMay();
  const leave = useMutation(
    trpc.identity.signOut.mutationOptions({
      // The cookie goes even if the session could not be ended at the server: it then ends by its age.
      onSettled: async () => {
        await dropCookie();
        await forgetPerson(queryClient);
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
            <PersonPicture person={me} className="size-6 text-12" />
          ) : (
            <CircleUserRound aria-hidden="true" strokeWidth={1.5} />
          )}
        </DropdownMenu.Trigger>
      </Hint>
      <MenuContent side="right" align="end">
        {me ? (
          <>
            <div className="max-w-64 px-2 py-1.5 text-13">
              <p className="truncate font-semibold">{me.name}</p>
              <p className="truncate text-quiet">{me.email}</p>
            </div>
            <MenuLine />
            <MenuItem asChild>
              <Link href="/account">
                <UserRound aria-hidden="true" strokeWidth={1.5} /> {t('yourAccount')}
              </Link>
            </MenuItem>
            {adminPermissions.some((need) => may(need)) ? (
              <MenuItem asChild>
                <Link href="/admin">
                  <Settings2 aria-hidden="true" strokeWidth={1.5} /> {t('admin')}
                </Link>
              </MenuItem>
            ) : null}
            <MenuLine />
            {may('camera:write') ? (
              <MenuItem asChild>
                <Link href="/cameras/new">
                  <Plus aria-hidden="true" strokeWidth={1.5} /> {t('addCamera')}
                </Link>
              </MenuItem>
            ) : null}
            {may('feed:write') ? (
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
              </>
            ) : null}
            {may('removal:decide') ? (
              <MenuItem asChild>
                <Link href="/removals">
                  <ShieldQuestionMark aria-hidden="true" strokeWidth={1.5} /> {t('removals')}
                </Link>
              </MenuItem>
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
