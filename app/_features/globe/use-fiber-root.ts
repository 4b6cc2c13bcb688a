import { createRoot, type ReconcilerRoot } from '@react-three/fiber';
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { WebGLRenderer } from 'three';

import { caughtUp } from './caught-up.ts';

type Drawing = { root: ReconcilerRoot<HTMLCanvasElement>; canvas: HTMLCanvasElement };

/**
 * A canvas that fills `element`, and what is drawn in it. React Three Fiber's own `<Canvas>` would do, but it names every
 * class of three, and a bundler then leaves none out.
 */
export function useFiberRoot(element: HTMLElement | null, drawn: ReactNode, onFail: (error: unknown) => void): void {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const fail = useEffectEvent(onFail);
  useEffect(() => {
    if (!element) return undefined;
    let isGone = false;
    const canvas = document.createElement('canvas');
    // Of the right size from the beginning: each change of it takes long where the main processor draws.
    canvas.width = Math.max(1, element.clientWidth);
    canvas.height = Math.max(1, element.clientHeight);
    // Until the first frame what stands behind it is seen.
    canvas.style.cssText = 'display:block;width:100%;height:100%;visibility:hidden';
    element.append(canvas);
    const root = createRoot(canvas);
    const begin = async () => {
      try {
        await root.configure({
          frameloop: 'demand',
          flat: true,
          linear: true,
          dpr: 1,
          size: sizeOf(element),
          gl: () => makeRenderer(canvas),
        });
        if (!isGone) setDrawing({ root, canvas });
      } catch (failure) {
        if (!isGone) fail(failure);
      }
    };
    void begin();
    return () => {
      isGone = true;
      setDrawing(null);
      root.unmount();
      canvas.remove();
    };
  }, [element]);
  const store = useRef<ReturnType<Drawing['root']['render']> | null>(null);
  useLayoutEffect(() => {
    if (drawing) store.current = drawing.root.render(drawn);
  }, [drawing, drawn]);
  useEffect(() => {
    if (!drawing || !element) return undefined;
    const observer = new ResizeObserver(() => {
      const { width, height, top, left } = sizeOf(element);
      store.current?.getState().setSize(width, height, top, left);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [drawing, element]);
}

/** In steps, each waited for: asked about a context that only begins, the page would stand still until it is there. */
async function makeRenderer(canvas: HTMLCanvasElement): Promise<WebGLRenderer> {
  const powerPreference = 'high-performance';
  const attributes = { antialias: false, alpha: false, depth: false, stencil: false, powerPreference } as const;
  const context = canvas.getContext('webgl2', attributes);
  if (!(context instanceof WebGL2RenderingContext)) throw new Error('this browser draws no WebGL 2');
  await caughtUp(context);
  return new WebGLRenderer({ canvas, context, ...attributes });
}

function sizeOf(element: HTMLElement) {
  return { width: element.clientWidth, height: element.clientHeight, top: 0, left: 0 };
}
