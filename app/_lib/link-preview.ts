import type { Metadata } from 'next';

export const earthPicture = (locale: string): string => `/og/earth?locale=${locale}`;
export const cameraPicture = (cameraId: string, locale: string): string => `/og/camera/${cameraId}?locale=${locale}`;

type Preview = { title: string; description: string; picture: string };

/** How an address looks where it is pasted. */
export const linkPreview = ({ title, description, picture }: Preview): Pick<Metadata, 'openGraph' | 'twitter'> => ({
  openGraph: { title, description, siteName: 'Sensorium', images: [{ url: picture, width: 1200, height: 630 }] },
  twitter: { card: 'summary_large_image', title, description, images: [picture] },
});
