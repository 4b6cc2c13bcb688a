'use client';

import { useEffect, useState } from 'react';

import type { Cover } from './_lib/earth-surface.ts';

/** What stands over the planet and is read or pressed; what says so of itself is taken whole. */
const parts = '[data-cover], button, a, p, [role="combobox"]';
const stepPx = 4;
const lookAfterMs = 200;

function coversIn(layers: readonly (Element | null)[]): Cover[] {
  const down = (value: number) => Math.floor(value / stepPx) * stepPx;
  const up = (value: number) => Math.ceil(value / stepPx) * stepPx;
  return layers.flatMap((layer) => {
    const stage = layer?.parentElement?.getBoundingClientRect();
    if (!layer || !stage) return [];
    const own = layer.matches('[data-cover]') ? [layer] : [...layer.querySelectorAll(parts)];
    return own
      .map((part) => part.getBoundingClientRect())
      .filter(({ width, height }) => width > 1 && height > 1)
      .map(({ left, top, right, bottom }) => {
        const [x, y] = [down(left - stage.left), down(top - stage.top)];
        return { x, y, width: up(right - stage.left) - x, height: up(bottom - stage.top) - y };
      });
  });
}

/** The places of the controls over the planet, so that no name is written under them. */
export function useCovers({
  controls,
  actions,
  bar,
  list,
}: Record<'controls' | 'actions' | 'bar' | 'list', Element | null>): readonly Cover[] {
  const [covers, setCovers] = useState<readonly Cover[]>([]);
  useEffect(() => {
    const elements = [controls, actions, bar, list];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      const next = coversIn(elements);
      setCovers((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
    };
    const soon = () => {
      timer ??= setTimeout(look, lookAfterMs);
    };
    const resized = new ResizeObserver(soon);
    const changed = new MutationObserver(soon);
    for (const element of elements) {
      if (!element) continue;
      resized.observe(element);
      changed.observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ['class'] });
    }
    soon();
    return () => {
      clearTimeout(timer);
      resized.disconnect();
      changed.disconnect();
    };
  }, [controls, actions, bar, list]);
  return covers;
}
