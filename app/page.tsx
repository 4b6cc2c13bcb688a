import type { Metadata } from 'next';
import { getLocale, getTranslations } from 'next-intl/server';

import { readEarthAddress } from './_lib/earth-address.ts';
import { localName, localPlace } from './_lib/format.ts';
import { linkPreview, viewPicture } from './_lib/link-preview.ts';
import { PageMessages } from './_lib/page-messages.tsx';
import { findCamera } from './_lib/trpc-server.ts';
import { EarthPage } from './earth-page.tsx';

type Asked = { searchParams: PageProps<'/'>['searchParams'] };

/** What a link to Earth looks like where it is pasted: the camera that it opens, or the globe. */
export async function generateMetadata({ searchParams }: Asked): Promise<Metadata> {
  const [t, locale, asked] = await Promise.all([getTranslations(), getLocale(), searchParams]);
  const address = new URLSearchParams(
    Object.entries(asked).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  const seen = readEarthAddress(address);
  const camera = seen.cameraId === null ? null : await findCamera(seen.cameraId);
  const title = camera ? localName(camera, locale) : t('frame.earth');
  const description = (camera ? localPlace(camera, locale) : null) ?? t('app.description');
  const picture = viewPicture({ ...seen, cameraId: camera?.id ?? null }, locale);
  return { title, description, ...linkPreview({ title, description, picture }) };
}

export default function Page() {
  return (
    <PageMessages page="/">
      <EarthPage />
    </PageMessages>
  );
}
