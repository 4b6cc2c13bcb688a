import type { ReactNode } from 'react';

import { cn } from '../_lib/class-name.ts';

/** How far long work is; without a known end the bar breathes. */
export function RunProgress({
  label,
  done,
  total,
  children,
}: {
  label: string;
  done: number;
  total: number;
  children?: ReactNode;
}) {
  const part = total > 0 ? Math.min(1, done / total) : null;
  return (
    <div>
      {/* The browser's own bar can't be drawn in our tokens in every browser. */}
      <div
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- said above
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        {...(part === null ? {} : { 'aria-valuemax': total, 'aria-valuenow': Math.min(done, total) })}
        className="h-1 overflow-hidden rounded-pill bg-hover"
      >
        <div
          className={cn('h-full bg-signal transition-[width] duration-300', part === null && 'animate-breathe')}
          style={{ width: `${((part ?? 1) * 100).toFixed(1)}%` }}
        />
      </div>
      {children ? <div className="pt-1 text-12 text-quiet">{children}</div> : null}
    </div>
  );
}
