'use client';

import { Switch } from 'radix-ui';
import { useId, type ReactNode } from 'react';

type SwitchRowProps = {
  label: ReactNode;
  help?: ReactNode;
  isOn: boolean;
  isBusy?: boolean;
  onChange: (isOn: boolean) => void;
};

/** One thing that is on or off, with what it means. */
export function SwitchRow({ label, help, isOn, isBusy = false, onChange }: SwitchRowProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-4">
      <div className="min-w-0 grow">
        <label htmlFor={id} className="block cursor-pointer font-medium">
          {label}
        </label>
        {help ? (
          <p id={`${id}-help`} className="text-13 text-quiet">
            {help}
          </p>
        ) : null}
      </div>
      <ToggleSwitch id={id} isOn={isOn} isBusy={isBusy} onChange={onChange} {...(help ? { help: `${id}-help` } : {})} />
    </div>
  );
}

type ToggleSwitchProps = {
  id?: string;
  label?: string;
  help?: string;
  isOn: boolean;
  isBusy?: boolean;
  onChange: (isOn: boolean) => void;
};

/** The switch alone, where a table names it. */
export function ToggleSwitch({ id, label, help, isOn, isBusy = false, onChange }: ToggleSwitchProps) {
  return (
    <Switch.Root
      checked={isOn}
      disabled={isBusy}
      onCheckedChange={onChange}
      {...(id ? { id } : {})}
      {...(label ? { 'aria-label': label } : {})}
      {...(help ? { 'aria-describedby': help } : {})}
      className="relative h-5 w-9 shrink-0 rounded-pill border border-faint bg-hover transition-colors duration-150 after:absolute after:-inset-3 data-[state=checked]:border-signal data-[state=checked]:bg-signal"
    >
      <Switch.Thumb className="block size-3.5 translate-x-0.5 rounded-pill bg-text transition-transform duration-150 data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-signal-ink" />
    </Switch.Root>
  );
}
