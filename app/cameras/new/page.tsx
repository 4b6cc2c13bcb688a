import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { CameraForm } from '../../_features/camera-form/camera-form.tsx';
import { PageMessages } from '../../_lib/page-messages.tsx';
import { isSignedIn } from '../../_lib/trpc-server.ts';
import { PermissionGate } from '../../_ui/permission-gate.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('form');
  return { title: t('newTitle') };
}

export default async function NewCameraPage() {
  if (!(await isSignedIn())) redirect('/login?next=/cameras/new');
  const t = await getTranslations('form');
  return (
    <PageMessages page="/cameras/new">
      <PermissionGate page={t('newTitle')} needs={['camera:write']}>
        <CameraForm stored={null} />
      </PermissionGate>
    </PageMessages>
  );
}
