'use client';

import { useId, type ComponentProps, type ReactNode } from 'react';

import { cn } from '../_lib/class-name.ts';

const box =
  'w-full rounded-control border border-line-strong bg-raised px-3 text-14 text-text transition-colors duration-150 hover:border-faint aria-invalid:border-error';

export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cn(box, 'h-9 max-md:h-11', className)} {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={cn(box, 'min-h-24 py-2', className)} {...rest} />;
}

export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select className={cn(box, 'h-9 pr-8 max-md:h-11', className)} {...rest} />;
}

type FieldProps = {
  label: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
  optional?: string;
  className?: string;
  children: (control: { id: string; 'aria-invalid': boolean; 'aria-describedby': string }) => ReactNode;
};

/** Label above, help below, the error under the field in words that say what to do. */
export function Field({ label, help, error, optional, className, children }: FieldProps) {
  const id = useId();
  return (
    <div className={cn('min-w-0', className)}>
      <label htmlFor={id} className="mb-1 flex items-baseline justify-between gap-3 text-13 font-medium">
        {label}
        {optional ? <span className="text-12 font-normal text-quiet">{optional}</span> : null}
      </label>
      {children({ id, 'aria-invalid': Boolean(error), 'aria-describedby': `${id}-note` })}
      <div id={`${id}-note`} className="text-12" aria-live="polite">
        {error ? <p className="pt-1 text-error">{error}</p> : null}
        {help && !error ? <p className="pt-1 text-quiet">{help}</p> : null}
      </div>
    </div>
  );
}
