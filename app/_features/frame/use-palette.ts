'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, type ComponentType } from 'react';
import { toast } from 'sonner';

import { nothingBegun } from './begun-search.ts';
import type { PaletteProps } from './palette.tsx';

/** The one search: open or not, its code, which is loaded when somebody searches, and who has the focus afterwards. */
export function usePalette() {
  const t = useTranslations('palette');
  const [isOpen, setIsOpen] = useState(false);
  const [begun, setBegun] = useState(nothingBegun);
  const [code, setCode] = useState<{ Palette: ComponentType<PaletteProps> } | null>(null);
  const before = useRef<Element | null>(null);
  const change = (next: boolean) => {
    if (next) before.current = document.activeElement;
    else setBegun(nothingBegun);
    setIsOpen(next);
  };
  useEffect(() => {
    if (!isOpen || code) return undefined;
    let isWanted = true;
    import('./palette.tsx').then(
      ({ Palette }) => setCode({ Palette }),
      () => {
        if (!isWanted) return;
        setBegun(nothingBegun);
        setIsOpen(false);
        toast(t('failed'));
      },
    );
    return () => {
      isWanted = false;
    };
  }, [isOpen, code, t]);
  const giveFocusBack = () => {
    if (before.current instanceof HTMLElement && before.current.isConnected)
      before.current.focus({ preventScroll: true });
  };
  return {
    isOpen,
    change,
    begun,
    setBegun,
    giveFocusBack,
    Palette: begun.isComposing ? null : (code?.Palette ?? null),
  };
}
