import type { Metadata } from 'next';

import { wrapLongitude, type EarthAddress, type EarthPosition } from './earth-address.ts';

/** Pictures are drawn by the server and kept for a while: of moments and places a little apart there is one. */
const momentStepMs = 60_000;
const placeStepDegrees = 5;

const stepped = (value: number, step: number): number => Math.round(value / step) * step;

export const earthPicture = (locale: string, position: EarthPosition | null = null): string => {
  if (!position) return `/og/earth?locale=${locale}`;
  const latitude = stepped(position.latitude, placeStepDegrees);
  return `/og/earth?locale=${locale}&v=${latitude},${wrapLongitude(stepped(position.longitude, placeStepDegrees))}`;
};

export const cameraPicture = (cameraId: string, locale: string, atMs: number | null = null): string => {
  const moment =
    atMs === null ? '' : `&t=${new Date(Math.floor(atMs / momentStepMs) * momentStepMs).toISOString().slice(0, 16)}Z`;
  return `/og/camera/${cameraId}?locale=${locale}${moment}`;
};

/** What stands beside a link to Earth: the camera that it opens, at its moment, or the globe from where it looks. */
export const viewPicture = (
  { cameraId, atMs, position }: Pick<EarthAddress, 'cameraId' | 'atMs' | 'position'>,
  locale: string,
): string => (cameraId === null ? earthPicture(locale, position) : cameraPicture(cameraId, locale, atMs));

type Preview = { title: string; description: string; picture: string };

/** How an address looks where it is pasted. */
export const linkPreview = ({ title, description, picture }: Preview): Pick<Metadata, 'openGraph' | 'twitter'> => ({
  openGraph: { title, description, siteName: 'Sensorium', images: [{ url: picture, width: 1200, height: 630 }] },
  twitter: { card: 'summary_large_image', title, description, images: [picture] },
});
