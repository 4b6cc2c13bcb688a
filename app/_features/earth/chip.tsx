'use client';

import type { ComponentProps } from 'react';

import { cn } from '../../_lib/class-name.ts';

/** A quiet pill over the globe; `aria-pressed` or an open menu lights it up. */
export function Chip({ isOn = false, className, ...rest }: ComponentProps<'button'> & { isOn?: boolean }) {
  return (
    <button
      type="button"
      className={cn(
        'glass inline-flex h-11 shrink-0 items-center gap-1.5 rounded-pill border px-3 text-13 whitespace-nowrap transition-colors hover:bg-hover md:h-8 [&_svg]:size-4',
        isOn ? 'border-signal text-signal' : 'border-line-strong text-text',
        className,
      )}
      {...rest}
    />
  );
}
