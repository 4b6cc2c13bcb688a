'use client';

import { useEffect, useState, type RefObject } from 'react';

const seenMax = 48;

/** Which of the list's cameras are on the screen, so that only those are measured each second. */
export function useSeenIds(list: RefObject<HTMLElement | null>, ids: readonly string[]): readonly string[] {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const known = ids.join(' ');
  useEffect(() => {
    const root = list.current;
    if (!root) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        setSeen((before) => {
          const now = new Set(before);
          for (const entry of entries) {
            const id = entry.target instanceof HTMLElement ? entry.target.dataset['camera'] : undefined;
            if (id === undefined) continue;
            if (entry.isIntersecting) now.add(id);
            else now.delete(id);
          }
          return now;
        });
      },
      { rootMargin: '100px' },
    );
    for (const id of known.split(' ')) {
      const row = root.querySelector(`[data-camera="${id}"]`);
      if (row) observer.observe(row);
    }
    return () => observer.disconnect();
  }, [list, known]);
  return ids.filter((id) => seen.has(id)).slice(0, seenMax);
}
