'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';

import { useTRPC } from '../../_lib/trpc.ts';
import { EmailSection } from './email-section.tsx';
import { Loaded } from './loaded.tsx';
import { PictureSection } from './picture-section.tsx';
import { ProfileForm } from './profile-form.tsx';
import { Room, Section } from './room.tsx';

export function ProfileRoom() {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const profile = useQuery(trpc.account.profile.queryOptions());
  return (
    <Room title={t('rooms.profile')} text={t('profileText')}>
      <Loaded query={profile} lines={5}>
        {(data) => (
          <>
            <PictureSection profile={data} />
            <Section title={t('aboutYou')}>
              <ProfileForm profile={data} />
            </Section>
            <EmailSection profile={data} />
          </>
        )}
      </Loaded>
    </Room>
  );
}
