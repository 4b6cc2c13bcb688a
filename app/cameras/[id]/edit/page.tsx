import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { notFound, redirect } from 'next/navigation';

import { CameraForm } from '../../../_features/camera-form/camera-form.tsx';
import { PageMessages } from '../../../_lib/page-messages.tsx';
import { findCamera, isSignedIn } from '../../../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('form');
  return { title: t('editTitle') };
}

export default async function EditCameraPage({ params }: PageProps<'/cameras/[id]/edit'>) {
  const { id } = await params;
  if (!(await isSignedIn())) redirect(`/login?next=/cameras/${encodeURIComponent(id)}/edit`);
  const camera = await findCamera(id);
  if (!camera?.editable) notFound();
  return (
    <PageMessages page="/cameras/[id]/edit">
      <CameraForm stored={camera} />
    </PageMessages>
  );
}
