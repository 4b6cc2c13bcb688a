import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '../../_ui/button.tsx';

type ThingRowProps = {
  icon?: LucideIcon;
  name: ReactNode;
  /** What is known of it, a line each. */
  lines: readonly ReactNode[];
  /** Buttons at the side; none: it is over, or can't be ended from here. */
  children?: ReactNode;
};

/** One thing of the account in its list: a sign-in, a passkey, a key. */
export function ThingRow({ icon: Icon, name, lines, children }: ThingRowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      {Icon ? <Icon aria-hidden="true" strokeWidth={1.5} className="size-5 shrink-0 text-faint" /> : null}
      <div className="min-w-0 grow basis-60">
        <p className="flex flex-wrap items-baseline gap-x-3 font-medium">{name}</p>
        {lines.map((line, at) => (
          // Lines of one thing keep their places.
          <div key={`line ${String(at)}`} className="text-13 break-words text-quiet">
            {line}
          </div>
        ))}
      </div>
      {children ? <div className="flex gap-2">{children}</div> : null}
    </li>
  );
}

type RowButtonProps = {
  /** Names the thing as well: a page has many of them. */
  label: string;
  tone: 'plain' | 'danger';
  isBusy?: boolean;
  onClick: () => void;
  children: ReactNode;
};

export function RowButton({ label, tone, isBusy = false, onClick, children }: RowButtonProps) {
  return (
    <Button size="small" tone={tone} className="max-md:h-11" disabled={isBusy} aria-label={label} onClick={onClick}>
      {children}
    </Button>
  );
}
