'use client';

import { useEffect, useState } from 'react';

/** Larger drafts would push others out of the tab's storage. */
const lengthMax = 500_000;

/** What a schema of zod is as well. */
type Reader<T> = { safeParse: (value: unknown) => { data?: T | undefined } };

function read<T>(key: string, schema: Reader<T>): T | null {
  try {
    const text = sessionStorage.getItem(key);
    return text === null ? null : (schema.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    return null; // Storage is off, or holds something else: there is no draft.
  }
}

function write(key: string, value: unknown): void {
  try {
    const text = value === null ? '' : JSON.stringify(value);
    if (text === '' || text.length > lengthMax) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // Storage is off or full: what was typed lasts as long as the page.
  }
}

/** State that a reload of this tab does not lose. What an older page left is read once, after the server's picture of the page. */
export function useKeptState<T>(
  key: string,
  schema: Reader<T>,
  initial: T,
): { value: T; set: (next: T) => void; forget: () => void; wasRestored: boolean } {
  const [value, setValue] = useState(initial);
  const [wasRestored, setWasRestored] = useState(false);
  useEffect(() => {
    const kept = read(key, schema);
    if (kept === null) return;
    setValue(kept);
    setWasRestored(true);
    // Read once a key: a schema is made anew at each render of its page and means the same.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [key]);
  return {
    value,
    wasRestored,
    set: (next) => {
      setValue(next);
      write(key, next);
    },
    forget: () => {
      setValue(initial);
      setWasRestored(false);
      write(key, null);
    },
  };
}
