'use client';

import { usePathname, useSearchParams } from 'next/navigation';

type Values = Readonly<Record<string, string | null>>;

/** Filters and what is open stand in the address. It changes without a navigation: lists are asked from the cache, not from the server's page. */
export function useAddress() {
  const path = usePathname();
  const params = useSearchParams();
  const write = (values: Values, method: 'pushState' | 'replaceState') => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(values)) {
      if (value === null || value === '') next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    window.history[method](null, '', text ? `${path}?${text}` : path);
  };
  return {
    read: (name: string) => params.get(name) ?? '',
    filter: (values: Values) => write(values, 'replaceState'),
    openId: params.get('open'),
    /** Going back closes it again. */
    open: (id: string | null) => write({ open: id }, id === null ? 'replaceState' : 'pushState'),
  };
}
