'use client';

import { useTranslations } from 'next-intl';
import { Dialog } from 'radix-ui';

import type { BegunSearch } from './begun-search.ts';
import { Finder } from './finder.tsx';

export type PaletteProps = {
  isOpen: boolean;
  begun: BegunSearch;
  onOpenChange: (open: boolean) => void;
  onClosed: () => void;
};

/** The one search, from any page: cameras, places and actions. */
export function Palette({ isOpen, begun, onOpenChange, onClosed }: PaletteProps) {
  const t = useTranslations('palette');
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onClosed();
          }}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-panel border border-line-strong bg-raised shadow-overlay"
        >
          <Dialog.Title className="sr-only">{t('title')}</Dialog.Title>
          <Finder isOpen={isOpen} shape="palette" begun={begun} onDone={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
