'use client';

import { useSyncExternalStore, type ComponentProps } from 'react';

import { cn } from '../_lib/class-name.ts';

const never = () => () => undefined;

/**
 * The default button of a form. Until the page's scripts run, the browser itself would send the form, and put what was typed, passwords included, into
 * the address: a form whose default button is disabled is not sent, by Enter neither (HTML, implicit submission).
 */
export function Submit({ disabled, className, ...rest }: ComponentProps<'button'>) {
  const isReady = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <button
      type="submit"
      disabled={disabled === true || !isReady}
      // It does not blink while the page wakes.
      className={cn(className, !isReady && 'disabled:opacity-100')}
      {...rest}
    />
  );
}
