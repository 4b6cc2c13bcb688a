'use client';

import { useEffect, useRef, useState, type RefObject } from 'react';

/** Whether an element is on the screen or just about to be. */
export function useOnScreen<Element extends HTMLElement>(): [RefObject<Element | null>, boolean] {
  const element = useRef<Element>(null);
  const [isOn, setIsOn] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const observer = new IntersectionObserver(([entry]) => setIsOn(entry?.isIntersecting ?? false), {
      rootMargin: '120px',
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return [element, isOn];
}
