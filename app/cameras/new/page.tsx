import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { CameraForm } from '../../_features/camera-form/camera-form.tsx';
import { PageMessages } from '../../_lib/page-messages.tsx';
import { isSignedIn } from '../../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('form');
  return { title: t('newTitle') };
}

export default async function NewCameraPage() {
  if (!(await isSignedIn())) redirect('/login?next=/cameras/new');
  return (
    <PageMessages page="/cameras/new">
      <CameraForm stored={null} />
    </PageMessages>
  );
}
