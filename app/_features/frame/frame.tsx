'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import { useEffect, useState, type ReactNode } from 'react';
import { Toaster } from 'sonner';

import { cn } from '../../_lib/class-name.ts';
import { Rail } from './rail.tsx';
import { useViewAs, ViewAsBanner } from './view-as-banner.tsx';

/** With all that a search finds: loaded when somebody searches. */
const Palette = dynamic(() => import('./palette.tsx').then((file) => file.Palette));

/** What stands around every page. */
export function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations('app');
  const path = usePathname();
  // The globe is edge to edge, does not scroll, and is dark whatever was chosen.
  const isEarth = path === '/';
  const viewAs = useViewAs();
  const [isSearching, setIsSearching] = useState(false);
  const [hasSearched, setHasSearched] = useState(false);
  if (isSearching && !hasSearched) setHasSearched(true);
  useEffect(() => {
    const openSearch = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setIsSearching((open) => !open);
    };
    window.addEventListener('keydown', openSearch);
    return () => window.removeEventListener('keydown', openSearch);
  }, []);
  return (
    <>
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-control bg-signal px-4 py-2 font-medium text-signal-ink focus:translate-y-0"
      >
        {t('skip')}
      </a>
      {viewAs ? <ViewAsBanner {...viewAs} isOverGlobe={isEarth} /> : null}
      <Rail path={path} onSearch={() => setIsSearching(true)} />
      <main
        id="content"
        tabIndex={-1}
        {...(isEarth ? { 'data-theme': 'dark' } : {})}
        className={cn(
          'outline-none',
          isEarth ? 'fixed inset-0 overflow-hidden bg-ground text-text md:left-14' : 'pb-16 md:pb-0 md:pl-14',
          isEarth && viewAs && 'top-23 md:top-11',
        )}
      >
        {children}
      </main>
      {hasSearched ? <Palette isOpen={isSearching} onOpenChange={setIsSearching} /> : null}
      <Toaster
        position="bottom-left"
        duration={8000}
        offset={{ left: 72, bottom: 16 }}
        mobileOffset={{ bottom: 72 }}
        toastOptions={{
          unstyled: true,
          classNames: {
            toast:
              'flex w-90 max-w-full items-center gap-3 rounded-panel border border-line-strong bg-raised px-4 py-3 text-13 text-text shadow-overlay',
            title: 'font-medium',
            content: 'min-w-0 grow',
            actionButton: 'ml-auto shrink-0 rounded-control px-2 py-1 font-semibold text-signal hover:bg-hover',
          },
        }}
      />
    </>
  );
}
