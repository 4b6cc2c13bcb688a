'use client';

import { useEffect, useEffectEvent, type RefObject } from 'react';

type ListKeys = {
  ids: readonly string[];
  selectedId: string | null;
  search: RefObject<HTMLInputElement | null>;
  onSelect: (id: string) => void;
  onOpen: (id: string) => void;
};

/** Somebody who types, or has a menu or dialog open, does not mean the list. */
const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input, textarea, select, [role="menu"], [role="dialog"], [contenteditable]') !== null;

/** `j` `k` move, `Enter` opens, `/` searches. */
export function useListKeys({ ids, selectedId, search, onSelect, onOpen }: ListKeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || isElsewhere(event.target)) return;
    if (event.key === '/') {
      event.preventDefault();
      search.current?.focus();
    }
    const step = { j: 1, k: -1 }[event.key];
    if (step) {
      const at = selectedId === null ? -1 : ids.indexOf(selectedId);
      const next = ids[Math.min(ids.length - 1, Math.max(0, at + step))];
      if (next === undefined) return;
      onSelect(next);
      document.querySelector(`[data-camera="${next}"]`)?.scrollIntoView({ block: 'nearest' });
    }
    const isOnControl = event.target instanceof Element && event.target.closest('a, button') !== null;
    if (event.key === 'Enter' && selectedId !== null && !isOnControl) onOpen(selectedId);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
