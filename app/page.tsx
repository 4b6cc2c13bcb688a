import type { Metadata } from 'next';
import { getLocale, getTranslations } from 'next-intl/server';
import { headers } from 'next/headers';

import { readEarthAddress } from './_lib/earth-address.ts';
import { localName, localPlace } from './_lib/format.ts';
import { findCamera } from './_lib/trpc-server.ts';
import { EarthPage } from './earth-page.tsx';

type Asked = { searchParams: PageProps<'/'>['searchParams'] };

/** Where this house is reached: the gateway says so with each request. */
async function origin(): Promise<URL> {
  const given = await headers();
  const host = given.get('x-forwarded-host') ?? given.get('host') ?? 'localhost';
  return new URL(`${given.get('x-forwarded-proto') ?? 'http'}://${host}`);
}

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
  const picture = camera ? `/og/camera/${camera.id}?locale=${locale}` : `/og/earth?locale=${locale}`;
  return {
    metadataBase: await origin(),
    title,
    description,
    openGraph: { title, description, images: [{ url: picture, width: 1200, height: 630 }] },
    twitter: { card: 'summary_large_image', title, description, images: [picture] },
  };
}

export default function Page() {
  return <EarthPage />;
}
