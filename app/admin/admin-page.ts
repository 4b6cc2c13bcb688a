import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import type { SectionName } from '../_features/admin/sections.ts';
import { isSignedIn } from '../_lib/trpc-server.ts';

export async function adminMetadata(section: SectionName | null): Promise<Metadata> {
  const t = await getTranslations('admin');
  return { title: section === null ? t('title') : t(`sections.${section}`), robots: { index: false } };
}

/** Whoever is not signed in is asked to, and comes back to where they wanted to go, with their filters. */
export async function mustBeSignedIn(
  path: string,
  given: Promise<Record<string, string | string[] | undefined>>,
): Promise<void> {
  if (await isSignedIn()) return;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(await given)) if (typeof value === 'string') query.set(name, value);
  const text = query.toString();
  redirect(`/login?next=${encodeURIComponent(text ? `${path}?${text}` : path)}`);
}
