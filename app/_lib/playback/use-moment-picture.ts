'use client';

import { useEffect, useRef, useState } from 'react';

import { momentPictures, type MomentPicture } from './moment-pictures.ts';

export type ShownPicture = { src: string | null; capturedMs: number | null; isMissing: boolean; isLoading: boolean };

const nothing: ShownPicture = { src: null, capturedMs: null, isMissing: false, isLoading: false };
const debounceMs = 80;
const triesMax = 4;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new DOMException('stopped', 'AbortError'));
    });
  });

/** A busy server is asked again when it said, a few times. */
async function loadPatiently(streamId: string, ms: number, signal: AbortSignal): Promise<MomentPicture> {
  for (let tries = 1; ; tries += 1) {
    const answer = await momentPictures().load(streamId, ms, signal);
    if (answer.type !== 'busy' || tries === triesMax) return answer;
    await pause(answer.retryAfterMs, signal);
  }
}

const shownOf = (answer: MomentPicture, before: ShownPicture): ShownPicture => {
  if (answer.type === 'picture') {
    return { src: answer.src, capturedMs: answer.capturedMs, isMissing: false, isLoading: false };
  }
  return answer.type === 'missing' ? { ...nothing, isMissing: true } : { ...before, isLoading: false };
};

/** The picture of a pointed-at moment: asked for when the pointer rests, given up when it goes on; the last one stands meanwhile. */
export function usePointedPicture(streamId: string, ms: number | null): ShownPicture {
  const [shown, setShown] = useState(nothing);
  useEffect(() => {
    if (ms === null) return undefined;
    const stop = new AbortController();
    const known = momentPictures().peek(streamId, ms);
    const timer = setTimeout(
      () => {
        setShown((before) => ({ ...before, isLoading: true }));
        loadPatiently(streamId, ms, stop.signal).then(
          (answer) => setShown((before) => (stop.signal.aborted ? before : shownOf(answer, before))),
          // Given up for a newer moment, or the server is away: the label alone stays.
          () => setShown((before) => (stop.signal.aborted ? before : { ...before, isLoading: false })),
        );
      },
      known ? 0 : debounceMs,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [streamId, ms]);
  return shown;
}

/** Pictures of a moment that runs on: one is fetched at a time, then the newest that is wanted. */
export function useSteppedPicture(streamId: string, ms: number | null): ShownPicture {
  const [shown, setShown] = useState(nothing);
  const wanted = useRef(ms);
  const isFetching = useRef(false);
  const life = useRef<AbortController | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    life.current = stop;
    return () => stop.abort();
  }, []);
  useEffect(() => {
    wanted.current = ms;
    const run = async (signal: AbortSignal) => {
      let done: number | null = null;
      while (wanted.current !== null && wanted.current !== done && !signal.aborted) {
        const atMs: number = wanted.current;
        const answer = await momentPictures().load(streamId, atMs, signal);
        done = atMs;
        if (signal.aborted) return;
        setShown((before) => shownOf(answer, before));
        if (answer.type === 'busy') await pause(answer.retryAfterMs, signal);
      }
    };
    const signal = life.current?.signal;
    if (ms === null || isFetching.current || !signal) return;
    isFetching.current = true;
    run(signal)
      // Stopped, or the server is away: the last picture stands, the next second asks again.
      .catch(() => undefined)
      .finally(() => {
        isFetching.current = false;
      });
  }, [streamId, ms]);
  return ms === null ? nothing : shown;
}
