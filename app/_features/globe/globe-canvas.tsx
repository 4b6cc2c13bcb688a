'use client';

import { useFrame, useThree, type RootState } from '@react-three/fiber';
import { useCallback, useEffect, useEffectEvent, useImperativeHandle, useRef, useState, type Ref } from 'react';

import { createEngine, type Engine } from './engine.ts';
import type { Place } from './geodesy.ts';
import type { GlobeEvents, GlobeInput } from './globe-input.ts';
import type { View } from './pose.ts';
import { quietThree } from './three-console.ts';
import { useFiberRoot } from './use-fiber-root.ts';

quietThree();

export interface GlobeHandle {
  /** Along the great circle, going out on the way; a cut where motion is not wanted. True when it arrived. */
  flyTo: (to: Place & Partial<View>, options?: { durationMs?: number }) => Promise<boolean>;
  stop: () => void;
  /** Where a place is drawn, in CSS pixels of the globe's box; null behind the planet. */
  project: (place: Place) => { x: number; y: number } | null;
}

export type GlobeCanvasProps = {
  input: GlobeInput;
  events: GlobeEvents;
  start: Place & Partial<View>;
  ref?: Ref<GlobeHandle> | undefined;
};

/** The globe as a view: what it shows comes in, what is done to it goes out; it knows no server and no address. */
export function GlobeCanvas({ input, events, start, ref }: GlobeCanvasProps) {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const engine = useRef<Engine | null>(null);
  const keep = useCallback((made: Engine | null) => {
    engine.current = made;
  }, []);
  useImperativeHandle(
    ref,
    () => ({
      flyTo: (to, options) => engine.current?.flyTo(to, options) ?? Promise.resolve(false),
      stop: () => engine.current?.stop(),
      project: (place) => engine.current?.project(place) ?? null,
    }),
    [],
  );
  useFiberRoot(
    element,
    element ? <Stage element={element} input={input} events={events} start={start} onEngine={keep} /> : null,
    (error) => events.onUnable?.(error),
  );
  return <div ref={setElement} data-theme="dark" className="absolute inset-0 touch-none overflow-hidden select-none" />;
}

type StageProps = Pick<GlobeCanvasProps, 'input' | 'events' | 'start'> & {
  element: HTMLDivElement;
  onEngine: (engine: Engine | null) => void;
};

/** Binds the engine to the canvas for as long as it stands. */
function Stage({ element, input, events, start, onEngine }: StageProps) {
  const engine = useRef<Engine | null>(null);
  const gl = useThree((state) => state.gl);
  const scene = useThree((state) => state.scene);
  const camera = useThree((state) => state.camera);
  const size = useThree((state) => state.size);
  const invalidate = useThree((state) => state.invalidate);
  const setDpr = useThree((state) => state.setDpr);
  const latest = useRef(events);
  useEffect(() => {
    latest.current = events;
  }, [events]);
  const begin = useEffectEvent((canvas: Pick<RootState, 'gl' | 'scene' | 'camera'>, box: HTMLElement) =>
    createEngine({
      ...canvas,
      element: box,
      start,
      input,
      events: () => latest.current,
      invalidate: () => invalidate(),
      setPixelRatio: setDpr,
    }),
  );
  useEffect(() => {
    const made = begin({ gl, scene, camera }, element);
    engine.current = made;
    onEngine(made);
    return () => {
      engine.current = null;
      onEngine(null);
      made.dispose();
    };
  }, [gl, scene, camera, element, onEngine]);
  useEffect(() => engine.current?.take(input), [input]);
  useEffect(() => engine.current?.resize(size.width, size.height), [size.width, size.height]);
  // A priority above 0 takes the drawing over from the library: nothing is drawn that did not change.
  useFrame(() => engine.current?.frame(), 1);
  return null;
}
