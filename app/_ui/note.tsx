import type { ReactNode } from 'react';

import { cn } from '../_lib/class-name.ts';

const tones = { info: 'border-line-strong', warning: 'border-delayed', error: 'border-error' } as const;

/** A sentence that matters, with what to do about it: a line at its side, not a box around it. */
export function Note({
  tone = 'info',
  title,
  children,
  className,
}: {
  tone?: keyof typeof tones;
  title: ReactNode;
  children?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn('border-l-2 py-0.5 pl-3 text-13', tones[tone], className)}>
      <p className="font-semibold text-text">{title}</p>
      {children ? <div className="text-quiet">{children}</div> : null}
    </div>
  );
}
