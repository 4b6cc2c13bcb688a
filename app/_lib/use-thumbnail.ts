'use client';

import { useEffect, useState } from 'react';

import { inTurn } from './fetch-queue.ts';

const missingWaitMs = 15_000;
const deadlineMs = 10_000;

type Thumbnail = { src: string | null; isMissing: boolean };

/** A picture ready to be shown: decoded before it replaces the one on the screen, so that nothing flickers. */
async function decoded(blob: Blob): Promise<string> {
  const src = URL.createObjectURL(blob);
  const image = new Image();
  image.src = src;
  try {
    await image.decode();
    return src;
  } catch (error) {
    URL.revokeObjectURL(src);
    throw error;
  }
}

/** Keeps a thumbnail in step with the server's while `isOn`; an unchanged one costs a 304 and no repaint. */
export function useThumbnail(url: string, intervalMs: number, isOn: boolean): Thumbnail {
  const [shown, setShown] = useState<Thumbnail>({ src: null, isMissing: false });

  useEffect(() => {
    if (!isOn) return undefined;
    const stop = new AbortController();
    let tag: string | null = null;
    let current: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function look(): Promise<number> {
      if (document.hidden) return intervalMs;
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(deadlineMs)]);
      const response = await inTurn(() => fetch(url, { cache: 'no-cache', signal }));
      if (!response.ok) {
        if (!current) setShown({ src: null, isMissing: true });
        return missingWaitMs;
      }
      const newTag = response.headers.get('etag') ?? response.headers.get('last-modified');
      if (newTag !== null && newTag === tag) return intervalMs;
      const src = await decoded(await response.blob());
      if (stop.signal.aborted) {
        URL.revokeObjectURL(src);
        return intervalMs;
      }
      const previous = current;
      tag = newTag;
      current = src;
      setShown({ src, isMissing: false });
      if (previous) setTimeout(() => URL.revokeObjectURL(previous), 1000);
      return intervalMs;
    }

    const turn = async () => {
      // A picture that fails to load or decode leaves the last one standing; the next turn asks again.
      const waitMs = await look().catch(() => missingWaitMs);
      if (!stop.signal.aborted) timer = setTimeout(() => void turn(), waitMs);
    };
    void turn();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [url, intervalMs, isOn]);

  return shown;
}
