'use client';

import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ComponentProps } from 'react';

import { cn } from '../_lib/class-name.ts';

const item =
  'flex h-8 items-center gap-2 rounded-[4px] px-2 text-13 text-text outline-none select-none data-highlighted:bg-hover data-disabled:opacity-50 [&_svg]:size-4';

type MenuContentProps = ComponentProps<typeof DropdownMenu.Content> & {
  /** Where it is drawn; the page unless told. What stands on the full screen hides the rest of the page. */
  container?: HTMLElement | null;
};

export function MenuContent({ className, container = null, ...rest }: MenuContentProps) {
  return (
    <DropdownMenu.Portal container={container}>
      <DropdownMenu.Content
        sideOffset={8}
        collisionPadding={8}
        className={cn(
          'z-50 min-w-44 animate-rise rounded-panel border border-line-strong bg-raised p-1 shadow-overlay',
          className,
        )}
        {...rest}
      />
    </DropdownMenu.Portal>
  );
}

export function MenuItem({ className, ...rest }: ComponentProps<typeof DropdownMenu.Item>) {
  return <DropdownMenu.Item className={cn(item, 'cursor-pointer', className)} {...rest} />;
}

export function MenuChoice({ className, children, ...rest }: ComponentProps<typeof DropdownMenu.RadioItem>) {
  return (
    <DropdownMenu.RadioItem className={cn(item, 'cursor-pointer justify-between', className)} {...rest}>
      <span>{children}</span>
      <DropdownMenu.ItemIndicator>
        <Check aria-hidden="true" strokeWidth={1.5} />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.RadioItem>
  );
}

export function MenuCheck({ className, children, ...rest }: ComponentProps<typeof DropdownMenu.CheckboxItem>) {
  return (
    <DropdownMenu.CheckboxItem className={cn(item, 'cursor-pointer justify-between gap-6', className)} {...rest}>
      <span className="flex items-center gap-2">{children}</span>
      <DropdownMenu.ItemIndicator>
        <Check aria-hidden="true" strokeWidth={1.5} />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.CheckboxItem>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}
