import type { ReactNode } from 'react';

import type { CameraState } from '#server/contracts/camera.ts';

import { cn } from '../_lib/class-name.ts';

/** Each state has a shape of its own, so that it can be read without colour. */
const shapes = {
  live: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  delayed: (
    <>
      <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.25" />
      <path d="M6 1.75a4.25 4.25 0 0 0 0 8.5z" fill="currentColor" />
    </>
  ),
  still: (
    <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="1.6 1.74" />
  ),
  offline: <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.25" />,
  unchecked: <circle cx="6" cy="6" r="1.5" fill="currentColor" />,
  demo: <path d="M6 1.2 10.8 6 6 10.8 1.2 6z" fill="none" stroke="currentColor" strokeWidth="1.25" />,
  error: <path d="M6 1.2 11.2 10.6H.8z" fill="currentColor" />,
} satisfies Record<CameraState, ReactNode>;

export const stateColour = {
  live: 'text-live',
  delayed: 'text-delayed',
  still: 'text-delayed',
  offline: 'text-offline',
  unchecked: 'text-quiet',
  demo: 'text-demo',
  error: 'text-error',
} satisfies Record<CameraState, string>;

export function StateMark({ state, className }: { state: CameraState; className?: string }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className={cn('size-3 shrink-0', stateColour[state], className)}>
      {shapes[state]}
    </svg>
  );
}
