import type { Metadata, Viewport } from 'next';
import { getLocale, getTranslations } from 'next-intl/server';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';

import { FirstRunReminder } from './_features/first-run/reminder.tsx';
import { Frame } from './_features/frame/frame.tsx';
import { Letters } from './_lib/letters.tsx';
import { earthPicture, linkPreview } from './_lib/link-preview.ts';
import { FrameMessages } from './_lib/page-messages.tsx';
import { Prefetched } from './_lib/prefetched.tsx';
import { Providers } from './_lib/providers.tsx';
import { chosenTheme } from './_lib/theme-server.ts';
import { prefetchMe } from './_lib/trpc-server.ts';

import './globals.css';

/** Where this house is reached: the gateway says so with each request. */
async function origin(): Promise<URL> {
  const given = await headers();
  const host = given.get('x-forwarded-host') ?? given.get('host') ?? 'localhost';
  return new URL(`${given.get('x-forwarded-proto') ?? 'http'}://${host}`);
}

export async function generateMetadata(): Promise<Metadata> {
  const [t, locale, metadataBase] = await Promise.all([getTranslations('app'), getLocale(), origin()]);
  return {
    metadataBase,
    title: { default: t('name'), template: `%s · ${t('name')}` },
    description: t('description'),
    icons: { icon: '/icon.svg' },
    manifest: '/manifest.webmanifest',
    ...linkPreview({ title: t('name'), description: t('description'), picture: earthPicture(locale) }),
  };
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  colorScheme: 'dark light',
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, theme, state] = await Promise.all([getLocale(), chosenTheme(), prefetchMe()]);
  return (
    // The theme menu writes data-theme itself, so the browser's may be newer than the server's.
    <html lang={locale} data-theme={theme} suppressHydrationWarning>
      <body>
        <FrameMessages>
          <Letters />
          <Providers>
            <Prefetched state={state}>
              <Frame>{children}</Frame>
              <FirstRunReminder />
            </Prefetched>
          </Providers>
        </FrameMessages>
      </body>
    </html>
  );
}
