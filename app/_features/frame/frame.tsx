'use client';

import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { useEffect, useEffectEvent, type ReactNode } from 'react';
import { Toaster } from 'sonner';

import { cn } from '../../_lib/class-name.ts';
import { PaletteWaiting } from './palette-waiting.tsx';
import { Rail } from './rail.tsx';
import { usePalette } from './use-palette.ts';
import { useViewAs, ViewAsBanner } from './view-as-banner.tsx';

/** What stands around every page. */
export function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations('app');
  const path = usePathname();
  // The globe is edge to edge, does not scroll, and is dark whatever was chosen.
  const isEarth = path === '/';
  const viewAs = useViewAs();
  const { Palette, ...palette } = usePalette();
  const openSearch = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    palette.change(!palette.isOpen);
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => openSearch(event);
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
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
      <Rail path={path} onSearch={() => palette.change(true)} />
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
      {palette.isOpen && !Palette ? (
        <PaletteWaiting
          begun={palette.begun}
          onBegun={palette.setBegun}
          onClose={() => {
            palette.change(false);
            palette.giveFocusBack();
          }}
        />
      ) : null}
      {Palette ? (
        <Palette
          isOpen={palette.isOpen}
          begun={palette.begun}
          onOpenChange={palette.change}
          onClosed={palette.giveFocusBack}
        />
      ) : null}
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
