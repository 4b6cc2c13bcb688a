import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { momentOf } from '../_features/player/share.ts';
import { PageMessages } from '../_lib/page-messages.tsx';
import { parseWall } from '../_lib/wall-pins.ts';
import { WallPage } from './wall-page.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('wall');
  return { title: t('title') };
}

export default async function WallRoute({ searchParams }: PageProps<'/wall'>) {
  const { wall, t } = await searchParams;
  return (
    <PageMessages page="/wall">
      <WallPage
        startIds={parseWall(typeof wall === 'string' ? wall : null)}
        startMs={momentOf(typeof t === 'string' ? t : undefined)}
      />
    </PageMessages>
  );
}
