import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';

import { RequestForm } from '../../_features/removal/request-form.tsx';
import { PageMessages } from '../../_lib/page-messages.tsx';
import { findCamera } from '../../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('removal');
  return { title: t('newTitle'), robots: { index: false } };
}

export default async function NewRemovalPage({ searchParams }: PageProps<'/removals/new'>) {
  const { camera: id } = await searchParams;
  const camera = typeof id === 'string' ? await findCamera(id) : null;
  if (!camera) notFound();
  return (
    <PageMessages page="/removals/new">
      <RequestForm camera={camera} />
    </PageMessages>
  );
}
