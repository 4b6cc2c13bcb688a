import { Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';

type HintProps = {
  text: ReactNode;
  keys?: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: ReactNode;
};

/** A word on what a quiet control does, and the key that does it too. */
export function Hint({ text, keys, side = 'top', children }: HintProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={side}
          sideOffset={8}
          collisionPadding={8}
          className="z-50 flex animate-rise items-center gap-2 rounded-control border border-line-strong bg-raised px-2 py-1 text-12 text-text shadow-overlay"
        >
          {text}
          {keys ? <Keys text={keys} /> : null}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export function Keys({ text }: { text: string }) {
  return (
    <kbd className="figure inline-flex min-w-5 items-center justify-center rounded-[4px] border border-line-strong px-1 text-12 leading-4 text-quiet">
      {text}
    </kbd>
  );
}
