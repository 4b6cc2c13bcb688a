import type { Metadata } from 'next';
import { getLocale, getTranslations } from 'next-intl/server';

import { readEarthAddress } from './_lib/earth-address.ts';
import { localName, localPlace } from './_lib/format.ts';
import { cameraPicture, earthPicture, linkPreview } from './_lib/link-preview.ts';
import { findCamera } from './_lib/trpc-server.ts';
import { EarthPage } from './earth-page.tsx';

type Asked = { searchParams: PageProps<'/'>['searchParams'] };

/** What a link to Earth looks like where it is pasted: the camera that it opens, or the globe. */
export async function generateMetadata({ searchParams }: Asked): Promise<Metadata> {
  const [t, locale, asked] = await Promise.all([getTranslations(), getLocale(), searchParams]);
  const address = new URLSearchParams(
    Object.entries(asked).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  const { cameraId } = readEarthAddress(address);
  const camera = cameraId === null ? null : await findCamera(cameraId);
  const title = camera ? localName(camera, locale) : t('frame.earth');
  const description = (camera ? localPlace(camera, locale) : null) ?? t('app.description');
  const picture = camera ? cameraPicture(camera.id, locale) : earthPicture(locale);
  return { title, description, ...linkPreview({ title, description, picture }) };
}

export default function Page() {
  return <EarthPage />;
}
