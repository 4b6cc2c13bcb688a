import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';

import { cn } from '../_lib/class-name.ts';
import { Submit } from './submit.tsx';

const button = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors duration-150 select-none disabled:opacity-50',
  {
    variants: {
      tone: {
        signal: 'bg-signal text-signal-ink hover:brightness-110',
        quiet: 'border border-line-strong text-text hover:bg-hover',
        plain: 'text-quiet hover:bg-hover hover:text-text',
        danger: 'border border-line-strong text-error hover:border-error',
      },
      size: { small: 'h-8 px-3 text-13', normal: 'h-9 px-4 text-14', large: 'h-11 px-5 text-14' },
    },
    defaultVariants: { tone: 'quiet', size: 'normal' },
  },
);

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof button> & { asChild?: boolean };

export function Button({ tone, size, asChild = false, className, type = 'button', ...rest }: ButtonProps) {
  const classes = cn(button({ tone, size }), className);
  if (asChild) return <Slot.Root className={classes} {...rest} />;
  if (type === 'submit') return <Submit className={classes} {...rest} />;
  return <button type={type} className={classes} {...rest} />;
}
