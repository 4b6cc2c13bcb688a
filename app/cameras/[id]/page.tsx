import type { Metadata } from 'next';
import { getLocale } from 'next-intl/server';
import { notFound } from 'next/navigation';

import { Player } from '../../_features/player/player.tsx';
import { momentOf } from '../../_features/player/share.ts';
import { localName } from '../../_lib/format.ts';
import { Prefetched } from '../../_lib/prefetched.tsx';
import { findCamera, prefetchCamera } from '../../_lib/trpc-server.ts';

export async function generateMetadata({ params }: PageProps<'/cameras/[id]'>): Promise<Metadata> {
  const camera = await findCamera((await params).id);
  return camera ? { title: localName(camera, await getLocale()) } : {};
}

export default async function CameraPage({ params, searchParams }: PageProps<'/cameras/[id]'>) {
  const { id } = await params;
  if (!(await findCamera(id))) notFound();
  const { t } = await searchParams;
  return (
    <Prefetched state={await prefetchCamera(id)}>
      <Player key={id} cameraId={id} startMs={momentOf(typeof t === 'string' ? t : undefined)} />
    </Prefetched>
  );
}
