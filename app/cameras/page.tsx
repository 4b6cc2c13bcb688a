import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { CameraList } from '../_features/cameras/camera-list.tsx';
import { listInput, readListView } from '../_features/cameras/list-address.ts';
import { PageMessages } from '../_lib/page-messages.tsx';
import { Prefetched } from '../_lib/prefetched.tsx';
import { prefetchCameraList } from '../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('cameras');
  return { title: t('title') };
}

export default async function CamerasPage({ searchParams }: PageProps<'/cameras'>) {
  const address = new URLSearchParams(
    Object.entries(await searchParams).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  return (
    <PageMessages page="/cameras">
      <Prefetched state={await prefetchCameraList(listInput(readListView(address)))}>
        <CameraList />
      </Prefetched>
    </PageMessages>
  );
}
