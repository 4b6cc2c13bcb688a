import type { ComponentProps } from 'react';

import { cn } from '../_lib/class-name.ts';
import { Hint } from './hint.tsx';

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label'> & {
  label: string;
  keys?: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
};

/** An icon alone: its name is read aloud and shown on hover and focus. */
export function IconButton({ label, keys, side, className, ...rest }: IconButtonProps) {
  return (
    <Hint text={label} {...(keys ? { keys } : {})} {...(side ? { side } : {})}>
      <button
        type="button"
        aria-label={label}
        className={cn(
          'inline-flex size-9 shrink-0 items-center justify-center rounded-control text-quiet transition-colors duration-150 hover:bg-hover hover:text-text [&_svg]:size-5',
          className,
        )}
        {...rest}
      />
    </Hint>
  );
}
