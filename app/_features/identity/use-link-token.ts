'use client';

import { useSyncExternalStore } from 'react';

const listen = (changed: () => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};
const tokenHere = () => new URLSearchParams(window.location.hash.slice(1)).get('token') ?? '';

/** What a link in a mail carries behind `#`: the server is not told it. Null until the browser has looked; empty: the address has none. */
export function useLinkToken(): string | null {
  return useSyncExternalStore(listen, tokenHere, () => null);
}
