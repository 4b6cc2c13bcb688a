import type { Metadata } from 'next';
import { getLocale, getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { preload } from 'react-dom';

import { Player } from '../../_features/player/player.tsx';
import { momentOf } from '../../_features/player/share.ts';
import { localName, localPlace } from '../../_lib/format.ts';
import { cameraPicture, linkPreview } from '../../_lib/link-preview.ts';
import { PageMessages } from '../../_lib/page-messages.tsx';
import { playlistUrl } from '../../_lib/playback/destination.ts';
import { Prefetched } from '../../_lib/prefetched.tsx';
import { findCamera, prefetchCamera } from '../../_lib/trpc-server.ts';

export async function generateMetadata({ params }: PageProps<'/cameras/[id]'>): Promise<Metadata> {
  const [camera, locale, t] = await Promise.all([findCamera((await params).id), getLocale(), getTranslations('app')]);
  if (!camera) return {};
  const title = localName(camera, locale);
  const description = localPlace(camera, locale) ?? t('description');
  return { title, description, ...linkPreview({ title, description, picture: cameraPicture(camera.id, locale) }) };
}

export default async function CameraPage({ params, searchParams }: PageProps<'/cameras/[id]'>) {
  const { id } = await params;
  const camera = await findCamera(id);
  if (!camera) notFound();
  const { t } = await searchParams;
  // Asked for before any script runs: the picture that stands there first, and the playlist: a source
  // that is read on demand is on its way while the page still loads.
  if (t === undefined) {
    preload(camera.playback.thumbnail, { as: 'image', fetchPriority: 'high' });
    const playlist = playlistUrl(camera.playback.hls, { type: 'live' }, camera.ladder === 'always');
    preload(playlist, { as: 'fetch', crossOrigin: 'anonymous' });
  }
  return (
    <PageMessages page="/cameras/[id]">
      <Prefetched state={await prefetchCamera(id)}>
        <Player key={id} cameraId={id} startMs={momentOf(typeof t === 'string' ? t : undefined)} />
      </Prefetched>
    </PageMessages>
  );
}
